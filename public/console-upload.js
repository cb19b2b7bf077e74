// Shows how far a long file has come on its way to the server. Without this script the browser sends it and shows nothing.

const form = document.getElementById('upload')
const sending = document.getElementById('sending')

form?.addEventListener('submit', (event) => {
  if (!form.elements.file.files.length) return
  event.preventDefault()
  const [bar] = sending.getElementsByTagName('progress')
  const [words] = sending.getElementsByTagName('span')
  const request = new XMLHttpRequest()
  const back = (problem) => location.assign(`${form.getAttribute('action')}?problem=${problem}`)
  request.upload.addEventListener('progress', ({ loaded, total }) => {
    bar.value = total > 0 ? (100 * loaded) / total : 0
    words.textContent =
      loaded < total ? `送信しています（${Math.floor(bar.value)}%）` : '送信が終わりました。保存しています。'
  })
  // The server answers with the address of a page, whatever came of it.
  request.addEventListener('load', () => {
    const isElsewhere = request.responseURL !== new URL(form.action).href
    if (isElsewhere) location.assign(request.responseURL)
    else back(request.status === 413 ? 'too-long' : 'not-sent')
  })
  request.addEventListener('error', () => back('not-sent'))
  request.open('POST', form.action)
  request.send(new FormData(form))
  sending.hidden = false
  for (const button of form.getElementsByTagName('button')) button.disabled = true
})
