// Shows the name as it will be read: full-width katakana, once the field is left. Never while an IME is composing, and
// never instead of the server, which converts whatever it gets.

const katakana = (typed) =>
  typed
    .normalize('NFKC')
    .replace(/[ぁ-ゖゝゞ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60))
    .replace(/ ?\u3099/g, '\u3099')
    .replace(/ ?\u309a/g, '\u309a')
    .normalize('NFC')
    .replace(/(?<=[ァ-ヶー])[-‐‑–—―−]/g, 'ー')

for (const input of document.querySelectorAll('[data-kana]')) {
  let isComposing = false
  const convert = () => {
    const kana = katakana(input.value)
    if (!isComposing && kana !== input.value) input.value = kana
  }
  input.addEventListener('compositionstart', () => {
    isComposing = true
  })
  input.addEventListener('compositionend', () => {
    isComposing = false
    if (document.activeElement !== input) convert()
  })
  input.addEventListener('blur', convert)
}

// Eight digits as a day, so that a slip is seen. Other ways to write a day are shown by the server.
const eras = [
  ['令和', 2019, 20190501],
  ['平成', 1989, 19890108],
  ['昭和', 1926, 19261225],
  ['大正', 1912, 19120730],
]

const dayWords = (typed) => {
  const digits = typed.normalize('NFKC').replace(/[\s\-/.年月日]/g, '')
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(digits)
  if (!parts) return ''
  const [year, month, day] = parts.slice(1).map(Number)
  const date = new Date(Date.UTC(year, month - 1, day))
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return ''
  const [era, first] = eras.find(([, , from]) => Number(digits) >= from) ?? []
  const inEra = era ? `（${era}${year === first ? '元' : year - first + 1}年）` : ''
  return `${year}年${inEra}${month}月${day}日`
}

const birthDate = document.getElementById('birthDate')
const read = document.getElementById('birthDate-read')
birthDate?.addEventListener('blur', () => {
  read.textContent = dayWords(birthDate.value)
})
