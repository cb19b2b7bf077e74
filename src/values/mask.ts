/** As much as error reports of files need to show where a field went wrong. */
const maskedFieldMax = 40

/** 'ジ*****': always five stars, so that the length does not tell the name. */
export function maskKana(name: string): string {
  const [first = ''] = name
  return `${first}*****`
}

/** '****1234': the last four signs of eight and more, the last three of six and seven, none of shorter ones. */
export function maskId(id: string): string {
  const signs = [...id]
  const shown = signs.length >= 8 ? 4 : signs.length >= 6 ? 3 : 0
  return `****${signs.slice(signs.length - shown).join('')}`
}

/**
 * The shape of a field without its content, for error reports: '1998-13-01' is '####-##-##', 'ﾀﾛｳ A' is 'ｱｱｱ A'.
 * Spaces and ASCII punctuation stay, because they are usually what is wrong.
 */
export function maskField(value: string): string {
  const signs = [...value]
  const shape = signs.slice(0, maskedFieldMax).map(maskSign).join('')
  return signs.length > maskedFieldMax ? `${shape}…` : shape
}

function maskSign(sign: string): string {
  if (/\p{Nd}/u.test(sign)) return '#'
  if (/[\uff66-\uff9f]/.test(sign)) return 'ｱ'
  if (/[\u30a1-\u30ff]/.test(sign)) return 'ア'
  if (/[\u3041-\u309f]/.test(sign)) return 'あ'
  if (/\p{Script=Han}/u.test(sign)) return '字'
  if (/\p{L}/u.test(sign)) return 'A'
  if (/[\u0020-\u007e\u3000]/.test(sign)) return sign
  return '?'
}
