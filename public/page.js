// Every page works without this. It lets the space bar press what is called a button, prints, and warns before a visit
// ends.

document.addEventListener('keydown', (event) => {
  const link = event.key === ' ' && event.target.closest?.('a[role=button]')
  if (!link) return
  event.preventDefault()
  link.click()
})

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => print())
}

const idle = document.getElementById('idle')
if (idle) {
  const restMs = Number(idle.dataset.minutes) * 60_000
  const warningMs = Math.min(120_000, restMs / 2)
  const [words] = idle.getElementsByTagName('p')
  const [button] = idle.getElementsByTagName('button')
  let timer

  const wait = () => {
    clearTimeout(timer)
    idle.hidden = true
    words.textContent = ''
    timer = setTimeout(warn, restMs - warningMs)
  }
  const warn = () => {
    idle.hidden = false
    words.textContent = `しばらく操作がないため、あと${Math.round(warningMs / 60_000)}分ほどで画面を終了します。続ける場合は「続ける」を押してください。`
    idle.scrollIntoView({ block: 'nearest' })
    timer = setTimeout(() => location.reload(), warningMs + 1_000)
  }
  // Asking for the page again counts as using the visit; what was typed into this one stays.
  button.addEventListener('click', async () => {
    const answer = await fetch(location.href, { redirect: 'manual' }).catch(() => undefined)
    if (answer?.ok) wait()
    else location.reload()
  })
  wait()
}
