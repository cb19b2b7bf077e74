// Every page works without this. `/` goes to the search, arrows move in lists of results, Esc leaves a field; what a page
// asks for by itself tells when the session has ended, and a warning comes before.

const isTyping = (target) => target.matches?.('input, textarea, select')

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  if (event.key === '/' && !isTyping(event.target)) {
    const search = document.getElementById('q')
    if (!search) return
    event.preventDefault()
    search.focus()
    search.select()
  } else if (event.key === 'Escape' && isTyping(event.target)) {
    event.target.blur()
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    moveInResults(event)
  }
})

// In a list marked `data-results` each line has one link; the keys go from the search to its first and along them.
function moveInResults(event) {
  const links = [...document.querySelectorAll('[data-results] a[data-result]')]
  const at = links.indexOf(document.activeElement)
  if (links.length === 0 || (at < 0 && isTyping(event.target) && event.target.id !== 'q')) return
  event.preventDefault()
  const next = event.key === 'ArrowDown' ? at + 1 : at - 1
  if (next < 0) document.getElementById('q')?.focus()
  else links[Math.min(next, links.length - 1)].focus()
}

// What had been asked for is gone with the session: the page as a whole says so.
document.addEventListener('htmx:responseError', (event) => {
  if (event.detail.xhr.status === 401) location.reload()
})

const idle = document.getElementById('idle')
if (idle) {
  const restMs = Number(idle.dataset.minutes) * 60_000
  const warningMs = Math.min(120_000, restMs / 2)
  const [words] = idle.getElementsByTagName('p')
  setTimeout(() => {
    idle.hidden = false
    words.textContent = `しばらく操作がないため、あと${Math.max(1, Math.round(warningMs / 60_000))}分ほどでサインアウトします。続けるときは、画面を開き直すか、入力を送信してください。`
  }, restMs - warningMs)
}
