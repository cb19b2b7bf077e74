import { type Html, html } from '#platform/html/html'
import { type Day, dayInJst, japaneseDay } from '#values/day'
import { formatYen, yen } from '#values/yen'
import { actorWords, type OperatorNames } from './actor-words.ts'
import { answerContent, answerKinds } from './answer-words.ts'
import { callTimeWords, hearingWords, languageWords } from './contact-wish.rules.ts'
import { becauseWords, holdNames } from './contact-words.rules.ts'
import { instantCell, receiptCell } from './list.views.ts'
import { revealFieldNames, revealReasons } from './reveal.rules.ts'
import type { Event, EventKind } from './timeline.rules.ts'
import { urls } from './urls.ts'

/** Everything that happened, the latest first; each leads to all that is known of it. */
export const timeline = (
  customerId: string,
  events: readonly (Event & { readonly note?: string })[],
  names: OperatorNames,
  now: Date,
): Html =>
  events.length === 0
    ? html`<p>まだ記録はありません。</p>`
    : html`<ul class="time">
${events.map((event) => {
  const { label, words } = eventWords(event)
  const by = event.by === null || event.by === 'customer' ? undefined : actorWords(event.by as 'system', names)
  return html`<li>${instantCell(event.at, now)}<b>${label}</b><span>${whole(words)}${by && html`<em>（${by}）</em>`} <a class="raw" href="${urls.caseEvent(customerId, event.key)}">詳細<span class="unseen">：${label}</span></a></span></li>
`
})}</ul>`

export const eventWords = (
  event: Event & { readonly note?: string },
): { readonly label: string; readonly words: string } => {
  const { kind, facts, note } = event
  return { label: labels[kind](facts), words: kind === 'note' ? (note ?? '') : told[kind](facts) }
}

/** The number of a receipt is never broken: it is read aloud. */
const whole = (words: string): Html =>
  html`${words.split(/(\d{3}-\d{3}-\d{3})/).map((part, index) => (index % 2 === 1 ? html`<span class="whole">${part}</span>` : part))}`

type Facts = Event['facts']

const fixed = (label: string) => () => label

const labels: Readonly<Record<EventKind, (facts: Facts) => string>> = {
  case: fixed('取込'),
  closed: fixed('完了'),
  message: (facts) => messageLabel(text(facts.class), text(facts.state)),
  identity: fixed('本人認証'),
  visit: fixed('画面'),
  answer: fixed('ご回答'),
  outcome: fixed('ご予定の結果'),
  note: fixed('メモ'),
  hold: fixed('連絡停止'),
  release: fixed('停止の解除'),
  deposit: fixed('入金'),
  wish: fixed('ご希望'),
  check: fixed('お電話の確認'),
  reveal: fixed('表示'),
  act: (facts) => (text(facts.act) === 'identity.unlocked' ? '認証の解除' : 'お支払い方法'),
}

const told: Readonly<Record<EventKind, (facts: Facts) => string>> = {
  case: (facts) => `振替不能 ${count(facts.bills)}件 ${money(facts.principal)}（期日 ${dayText(facts.dueDay)}）`,
  closed: (facts) => (facts.because === 'settled' ? 'すべてのご請求のご入金を確認' : 'ご請求の取り下げ'),
  message: (facts) => messageWords(facts),
  identity: (facts) => identityWords(facts),
  visit: (facts) => visitWords(facts),
  answer: (facts) => answerWords(facts),
  outcome: (facts) => `${dayText(facts.day)}のご予定：${outcomes[text(facts.outcome)] ?? text(facts.outcome)}`,
  note: () => '',
  hold: (facts) =>
    [
      nameOf(holdNames, facts.reason),
      facts.receivedDay && `受領 ${dayText(facts.receivedDay)}`,
      facts.documentDay && `書面 ${dayText(facts.documentDay)}`,
    ]
      .filter(Boolean)
      .join('　'),
  release: (facts) => nameOf(holdNames, facts.reason),
  deposit: (facts) =>
    `${money(facts.amount)}　${nameOf(channels, facts.channel)}（${dayText(facts.onDay)}）${facts.isFinal === false ? '　速報' : ''}${facts.endedHow ? `　${nameOf(depositEnds, facts.endedHow)}` : ''}`,
  wish: (facts) =>
    [
      nameOf(callTimeWords, facts.callTime),
      nameOf(languageWords, facts.language),
      nameOf(hearingWords, facts.hearing),
    ].join('・'),
  check: (facts) => checkWords(list(facts.asked), list(facts.matched)),
  reveal: (facts) => `${nameOf(revealFieldNames, facts.field)}　${nameOf(revealReasons, facts.reason)}`,
  act: (facts) => acts[text(facts.act)] ?? text(facts.act),
}

const messageLabel = (ofClass: string, state: string): string => {
  const what = ofClass === 'code' ? '認証番号' : 'SMS'
  const word = states[state] ?? state
  return `${what} ${word}`
}

const states: Readonly<Record<string, string>> = {
  queued: '送信待ち',
  deferred: '時間待ち',
  sending: '送信中',
  submitted: '送信',
  delivered: '到達',
  failed: '不達',
  expired: '期限切れ',
  unknown: '不明',
  refused: '送信失敗',
  excluded: '送信なし',
}

const classes: Readonly<Record<string, string>> = {
  notice: 'お支払いのご案内',
  code: '認証番号（本文は送信後に消去）',
  receipt: 'ご連絡の受付',
}

const messageWords = (facts: Facts): string => {
  const because = typeof facts.because === 'string' ? `　${becauseWords(facts.because)}` : ''
  const [sent, delivered] = [facts.sentAt, facts.deliveredAt].map((at) =>
    typeof at === 'string' ? Date.parse(at) : Number.NaN,
  )
  const seconds = Math.round(((delivered ?? 0) - (sent ?? 0)) / 1000)
  const took = Number.isFinite(seconds) && seconds >= 0 ? `、${tookWords(seconds)}` : ''
  const parts = typeof facts.parts === 'number' ? `（${facts.parts}通${took}）` : ''
  return `${nameOf(classes, facts.class)}${parts}${because}`
}

const tookWords = (seconds: number): string => (seconds < 120 ? `${seconds}秒` : `${Math.round(seconds / 60)}分`)

/** Who typed this customer's number stood before a code; whether they matched is what a caller asks about. */
const identityWords = (facts: Facts): string => {
  const sends = count(facts.sends) > 1 ? `、${count(facts.sends)}回送信` : ''
  if (facts.matched !== true)
    return facts.isReal === true
      ? '同じ番号の別のお客様と一致'
      : '不一致（番号は一致、お名前か生年月日が違うか、お送りできない状態）'
  const tries = count(facts.tries)
  switch (facts.state) {
    case 'accepted':
      return `一致（カナ・生年月日・電話）→ 認証番号も${tries === 1 ? '1回目で' : `${tries}回目で`}一致${sends}`
    case 'live':
      return `一致（カナ・生年月日・電話）→ 認証番号の入力待ち（${tries}回入力）${sends}`
    default:
      return `一致（カナ・生年月日・電話）→ 認証番号は${tries > 0 ? `${tries}回違い、` : '入力されず'}終了${sends}`
  }
}

const visitEnds: Readonly<Record<string, string>> = {
  'signed-out': '終了ボタンで終了',
  idle: '操作がなく終了',
  absolute: '時間で終了',
  hold: '連絡停止により終了',
}

const visitWords = (facts: Facts): string => {
  const ended = typeof facts.endedBecause === 'string' ? nameOf(visitEnds, facts.endedBecause) : '表示中'
  return `手続き画面を表示${facts.readOnly === true ? '（閲覧のみ）' : ''}　${ended}`
}

const answerWords = (facts: Facts): string => {
  const kind = text(facts.kind) as keyof typeof answerKinds
  const day = typeof facts.day === 'string' ? (facts.day as Day) : null
  const details = (facts.details ?? {}) as Parameters<typeof answerContent>[0]['details']
  const said =
    kind === 'cancelled'
      ? 'お支払いのご予定の取消'
      : [answerKinds[kind], answerContent({ kind, promisedDay: day, details })].join(' ')
  const change = count(facts.version) > 1 && kind !== 'cancelled' ? '（変更）' : ''
  const handback = typeof facts.handback === 'number' ? `　連携 第${facts.handback}号` : ''
  return `${said}${change}　受付 ${receiptCell(text(facts.receiptNumber))}${handback}`
}

const outcomes: Readonly<Record<string, string>> = {
  kept: 'お守りいただきました',
  broken: '入金の確認ができませんでした',
  cancelled: '取消',
}

const channels: Readonly<Record<string, string>> = {
  transfer: '銀行振込',
  'convenience-store': 'コンビニエンスストア',
  'pay-easy': 'ペイジー',
  card: 'カード',
  debit: '口座振替',
}

const depositEnds: Readonly<Record<string, string>> = {
  reversed: '取消済み',
  refunded: '返金済み',
  undone: '取込の取消',
}

const checked: Readonly<Record<string, string>> = { name: 'お名前', birthDate: '生年月日', phone: '電話番号' }

const checkWords = (asked: readonly string[], matched: readonly string[]): string =>
  asked.map((field) => `${nameOf(checked, field)} ${matched.includes(field) ? '一致' : '不一致'}`).join('　')

const acts: Readonly<Record<string, string>> = {
  'identity.unlocked': '入力回数の制限を解除',
  'slip.issued': 'コンビニの払込票を発行',
  'card.begun': 'カードでのお支払いを開始',
  'card.paid': 'カードでお支払い',
  'card.failed': 'カードでのお支払いが不成立',
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const count = (value: unknown): number => Number(value ?? 0)
const money = (value: unknown): string => formatYen(yen(count(value)))
const list = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
const nameOf = (names: Readonly<Record<string, string>>, key: unknown): string =>
  Object.hasOwn(names, text(key)) ? (names[text(key)] ?? '') : text(key)

const dayText = (value: unknown): string => {
  if (typeof value !== 'string') return ''
  return japaneseDay((value.length === 10 ? value : dayInJst(new Date(value))) as Day).replace(/（.*$/, '')
}
