// A copy button beside each value that has one, only where there is a clipboard. The value itself stays visible.

const said = document.createElement('p')
said.className = 'unseen'
said.setAttribute('role', 'status')

const addButton = (value) => {
  const { name, copy } = value.dataset
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'copy'
  button.textContent = 'コピー'
  button.setAttribute('aria-label', `コピー：${name}`)
  button.addEventListener('click', async () => {
    const isCopied = await navigator.clipboard.writeText(copy).then(
      () => true,
      () => false,
    )
    button.textContent = isCopied ? 'コピー済み' : 'コピーできません'
    said.textContent = isCopied
      ? `${name}をコピーしました。`
      : `${name}をコピーできませんでした。表示されている内容を書き写してください。`
    setTimeout(() => {
      button.textContent = 'コピー'
    }, 4_000)
  })
  value.append(button)
}

if (navigator.clipboard) {
  document.querySelector('main').append(said)
  for (const value of document.querySelectorAll('[data-copy]')) addButton(value)
}
