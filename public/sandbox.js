// Shows the messages as they arrive, and moves the clock. Everything here is also to be had under /api.
const main = document.querySelector('main')
const site = main.dataset.site
const list = document.querySelector('[data-messages]')
const person = () => document.querySelector('.person[aria-pressed="true"]')
let phone = person()?.dataset.phone ?? ''
let shown = ''

const ask = async (path, body) => {
  const options = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
  const answer = await fetch(path, options)
  return answer.json()
}

const element = (name, className, ...children) => {
  const made = document.createElement(name)
  if (className) made.className = className
  made.append(...children)
  return made
}

const withLinks = (text) =>
  text.split(site).flatMap((piece, index) => {
    if (index === 0) return [piece]
    const link = element('a', '', site)
    link.href = site
    link.target = '_blank'
    link.rel = 'noopener'
    return [link, piece]
  })

const showMessages = async () => {
  const messages = await ask(`/api/messages?limit=60${phone ? `&to=${phone}` : ''}`)
  const mark = phone + messages.map(({ id }) => id).join()
  document.querySelector('[data-empty]').hidden = messages.length > 0
  if (mark === shown) return
  shown = mark
  list.replaceChildren(
    ...messages.map(({ from, to, text, receivedAt }) =>
      element(
        'li',
        '',
        element('p', 'who', `${from} → ${to}　${receivedAt.slice(5, 16).replace('T', ' ')}`),
        element('p', 'text', ...withLinks(text)),
      ),
    ),
  )
}

const weekdays = '日月火水木金土'

const showClock = async () => {
  const { now } = await ask('/api/clock')
  const [day, time] = [now.slice(0, 10), now.slice(11, 16)]
  const weekday = weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()]
  document.querySelector('[data-now]').textContent = `${day.replaceAll('-', '/')}（${weekday}） ${time}`
  document.querySelector('[data-clock]').textContent = time
}

const showMood = async () => {
  const { mood } = await ask('/api/carrier')
  for (const button of document.querySelectorAll('[data-mood]'))
    button.setAttribute('aria-pressed', String(button.dataset.mood === mood))
}

const move = async (body) => {
  const buttons = document.querySelectorAll('[data-advance], [data-next-morning]')
  const says = document.querySelector('[data-moved]')
  for (const button of buttons) button.disabled = true
  says.textContent = '時計を進めています…'
  const answer = await ask('/api/clock', body)
  says.textContent = answer.error ?? '時計を進めました。'
  for (const button of buttons) button.disabled = false
  await look()
}

const yen = (amount) => `${amount.toLocaleString('ja-JP')}円`
let shownSlips = ''

/** What a till would take: the slips of whoever is played. */
const showSlips = async () => {
  const { customer } = person().dataset
  const slips = (await ask('/api/slips')).filter(({ customerNumber }) => !customer || customerNumber === customer)
  const mark = slips.map(({ barcode }) => barcode).join()
  if (mark === shownSlips) return
  shownSlips = mark
  document.querySelector('[data-slips]').replaceChildren(
    ...slips.map(({ barcode, amount, expiresOn }) => {
      const scan = element('button', '', 'レジで読み取る')
      scan.type = 'button'
      scan.addEventListener('click', () => void pay('/api/store', { barcode }))
      return element(
        'li',
        '',
        element('span', '', `払込票 ${yen(amount)}（${expiresOn.slice(5).replace('-', '/')}まで）`),
        scan,
      )
    }),
  )
}

const outcomes = {
  imported: '入金ファイルを取り込みました。サイトの画面を開き直してください。',
  'already-imported': '同じ入金ファイルは、もう取り込まれています。',
}

const pay = async (path, body) => {
  const says = document.querySelector('[data-paid]')
  says.textContent = '支払っています…'
  const answer = await ask(path, body)
  says.textContent = answer.error ?? outcomes[answer.outcome] ?? answer.outcome
  await look()
}

const look = () => Promise.all([showMessages(), showClock(), showMood(), showSlips()])

for (const chosen of document.querySelectorAll('.person'))
  chosen.addEventListener('click', () => {
    for (const other of document.querySelectorAll('.person'))
      other.setAttribute('aria-pressed', String(other === chosen))
    phone = chosen.dataset.phone
    document.querySelector('[data-whose]').textContent = chosen.querySelector('b').textContent
    void look()
  })
for (const button of document.querySelectorAll('[data-transfer]'))
  button.addEventListener('click', () => {
    const amount = Number(button.dataset.transfer)
    void pay('/api/transfer', { customerNumber: person().dataset.customer, ...(amount > 0 && { amount }) })
  })
for (const button of document.querySelectorAll('[data-advance]'))
  button.addEventListener('click', () => void move({ advance: button.dataset.advance }))
document.querySelector('[data-next-morning]').addEventListener('click', () => void move({ nextBusinessMorning: true }))
for (const button of document.querySelectorAll('[data-mood]'))
  button.addEventListener('click', async () => {
    await ask('/api/carrier', { mood: button.dataset.mood })
    await showMood()
  })

void look()
setInterval(() => void look().catch(() => {}), 1000)
