import type { KeptPromise } from '#answers'
import type { ScreenNow } from '#guidance'
import { type Html, html } from '#platform/html/html'
import { type Day, japaneseDay } from '#values/day'
import { formatYen, type Yen } from '#values/yen'
import type { OperatorNames } from './actor-words.ts'
import { type CheckShown, callerCheckCard } from './caller-check.views.ts'
import { contactSum } from './contact.views.ts'
import {
  type ContactWish,
  callTimeWords,
  hearingWords,
  languageWords,
  noWish,
  wishAgainstCall,
} from './contact-wish.rules.ts'
import { holdNames } from './contact-words.rules.ts'
import type { CustomerFile } from './customer-file.ts'
import type { ConsoleWorld } from './desk.ts'
import { dayCell, instantCell } from './list.views.ts'
import {
  banner,
  birthDateWords,
  contractWords,
  nameWords,
  numberWords,
  phoneWords,
  revealLink,
} from './somebody.views.ts'
import { type Event, writePlace } from './timeline.rules.ts'
import { timeline } from './timeline.views.ts'
import { urls } from './urls.ts'

export type CaseView = {
  readonly file: CustomerFile
  readonly events: readonly (Event & { readonly note?: string })[]
  /** There is more of the past. */
  readonly hasMore: boolean
  /** The list does not begin with the latest. */
  readonly isContinued: boolean
  readonly names: OperatorNames
  readonly check: CheckShown
  readonly done: string | undefined
  readonly may: { readonly act: boolean; readonly reveal: boolean }
  readonly now: Date
}

export const caseBody = (w: Pick<ConsoleWorld, 'creditor'>, view: CaseView): Html => {
  const { file, may, now } = view
  const { id } = file.customer
  return html`<div class="head"><h1>${nameWords(file)} <small>${numberWords(file)}</small>${chips(file)}</h1>${may.act && actions(id)}</div>
${banner}
${view.done && html`<div class="note good" role="status"><p>${view.done}</p></div>`}${file.contradictions.map(contradictionNote)}${wishNote(file.wish, now)}
${contactSum(w, file, now)}
<div class="grid case">
<div>
${callerCheckCard(id, view.check, may.act)}
<section class="card"><h2>経過</h2>
${view.isContinued && html`<p><a href="${urls.case(id)}">いまの経過に戻る</a></p>`}
${timeline(id, view.events, view.names, now)}
${older(view)}
</section>
</div>
<div>
${billsCard(file, now)}
${payingCard(file, now)}
${noticeCard(file, now)}
${customerCard(view)}
</div>
</div>`
}

const actions = (id: string): Html => html`<div class="actions">
<a class="button quiet" href="${urls.caseNote(id)}">メモ</a>
<a class="button quiet" href="${urls.caseHold(id)}">連絡停止</a>
<a class="button quiet" href="${urls.caseAnswer(id)}">代理で回答</a>
</div>`

/** Where the case stands, in words beside the name. */
const chips = ({ holds, pendingPromise, latestCase, bills }: CustomerFile): Html => {
  const chip = (tone: 'go' | 'warn' | 'stop', words: string) => html`<span class="chip ${tone}">${words}</span>`
  if (holds.length > 0) return html`${holds.map((reason) => chip('stop', holdNames[reason]))}`
  if (pendingPromise !== undefined) return chip('go', `ご予定 ${japaneseDay(pendingPromise.day)}`)
  if (latestCase === undefined) return html`<span class="chip">ご案内なし</span>`
  if (latestCase.closedAt === null)
    return bills.length > 0 ? chip('warn', 'ご案内中') : html`<span class="chip">対象外のご契約</span>`
  return chip('go', latestCase.closedBecause === 'settled' ? 'ご入金済み' : 'お取り下げ')
}

const contradictionNote = ({ words, day, promisedDay, note }: CustomerFile['contradictions'][number]): Html =>
  html`<div class="note warn" role="note"><p><b>メモとご予定の日が違います。</b>　メモ「${clip(note.text)}」の「${words}」は${japaneseDay(day)}、お支払いのご予定は${japaneseDay(promisedDay)}です。お話しの際にご確認ください。</p></div>
`

const clip = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)

const wishNote = (wish: ContactWish | undefined, now: Date): Html | undefined => {
  if (wish === undefined) return undefined
  const against = wishAgainstCall(wish, now)
  const said = [
    wish.callTime !== noWish.callTime && `お電話：${callTimeWords[wish.callTime]}`,
    wish.language !== noWish.language && `言語：${languageWords[wish.language]}`,
    wish.hearing !== noWish.hearing && `聞こえ：${hearingWords[wish.hearing]}`,
  ].filter((words) => words !== false)
  if (said.length === 0) return undefined
  return html`<div class="note${against !== undefined && ' warn'}"><p><b>ご希望</b>　${said.join('　')}</p></div>
`
}

const older = ({ file, events, hasMore }: CaseView): Html | undefined => {
  const last = events.at(-1)
  if (!hasMore || last === undefined) return undefined
  return html`<p><a href="${urls.case(file.customer.id)}?before=${encodeURIComponent(writePlace(last))}">以前の経過</a></p>`
}

const billsCard = (file: CustomerFile, now: Date): Html => {
  const { bills, totalToday, totalByPromise, pendingPromise } = file
  if (bills.length === 0)
    return html`<section class="card"><h2>ご請求</h2><p>いま、お支払いいただくご請求はありません。</p></section>`
  const byPromise =
    pendingPromise && totalByPromise !== undefined ? { day: pendingPromise.day, total: totalByPromise } : undefined
  return html`<section class="card"><h2>ご請求</h2>
<table><caption class="unseen">ご請求ごとの金額</caption>
<thead><tr><th scope="col">ご契約</th><th scope="col">期日</th><th scope="col" class="n">ご請求額</th><th scope="col" class="n">遅延損害金</th></tr></thead>
<tbody>${bills.map(
    ({ bill, product, today }) =>
      html`<tr><td><span class="whole">${contractWords(file, bill.contractNumber)}</span> ${product}</td><td>${dayCell(bill.dueDay, now)}</td><td class="n">${formatYen(sum(today.principal, today.fee))}</td><td class="n">${formatYen(today.lateCharge)}</td></tr>`,
  )}</tbody></table>
<dl class="totals"><div><dt>本日のお支払い</dt><dd><b>${formatYen(totalToday)}</b></dd></div>${byPromise && html`<div><dt>${japaneseDay(byPromise.day)}まで</dt><dd><b>${formatYen(byPromise.total)}</b></dd></div>`}</dl>
</section>`
}

const sum = (a: Yen, b: Yen): Yen => (a + b) as Yen

/** How money can come, and whether it came before. */
const payingCard = (file: CustomerFile, now: Date): Html => html`<section class="card"><h2>お支払い</h2>
<table class="facts"><caption class="unseen">お支払いの方法と、これまでのご予定</caption><tbody>
${row('お振込み口座', accountWords(file))}
${row('再振替', redebitWords(file, now))}
${row('これまでのご予定', promiseWords(file.promises, now))}
</tbody></table></section>`

const row = (name: string, value: Html | string | undefined): Html =>
  html`<tr><th scope="row">${name}</th><td>${value}</td></tr>
`

const accountWords = ({ account }: CustomerFile): Html | string => {
  if (account === undefined) return '—'
  const accounts = account.kind === 'own' ? [account.account] : account.accounts
  return html`${accounts.map(
    (each) =>
      html`<span class="whole">${each.bankName}（${each.bankCode}）</span> <span class="whole">${each.branchName}（${each.branchCode}）</span> <span class="whole">${each.type} ${each.number}</span> <span class="soft whole">${each.holderKana}${account.kind === 'own' && '　お客様専用'}</span><br>`,
  )}`
}

const redebitWords = ({ redebits, debitResults }: CustomerFile, now: Date): Html => {
  const [next] = redebits.toSorted((a, b) => (a.day < b.day ? -1 : 1))
  const last = debitResults[0]
  const planned =
    next === undefined
      ? html`予定なし`
      : html`${dayCell(next.day, now)}${next.isAwaitingResult ? '（結果待ち）' : next.isPastCutOff ? '（依頼済み）' : '（予定）'}`
  return html`${planned}${last && html`<br><span class="soft">前回 ${dayCell(last.day, now)}　${resultWords[last.resultCode] ?? `結果コード ${last.resultCode}`}</span>`}`
}

/** 全銀協 振替結果コード. */
const resultWords: Readonly<Record<string, string>> = {
  '0': '振替済み',
  '1': '資金不足',
  '2': '取引なし',
  '3': '預金者都合による停止',
  '4': '依頼書なし',
  '8': '委託者都合による停止',
  '9': 'その他',
}

const promiseStates: Readonly<Record<KeptPromise['state'], string>> = {
  pending: 'お待ちしています',
  kept: 'お守りいただきました',
  broken: '入金の確認ができませんでした',
  cancelled: '取消',
}

const promiseWords = (promises: readonly KeptPromise[], now: Date): Html | string => {
  if (promises.length === 0) return 'なし'
  const of = (state: KeptPromise['state']) => promises.filter((promise) => promise.state === state).length
  return html`お守り ${of('kept')}回・未履行 ${of('broken')}回<br><span class="soft">${promises
    .slice(0, 3)
    .map(({ day, state }) => html`${dayCell(day as Day, now)} ${promiseStates[state]}　`)}</span>`
}

const noticeCard = (
  { lastNotice }: CustomerFile,
  now: Date,
): Html => html`<section class="card"><h2>最後にお送りしたSMS</h2>
${
  lastNotice === undefined
    ? html`<p>まだお送りしていません。</p>`
    : html`<p class="sent">${lastNotice.text}</p><p class="soft">${instantCell(lastNotice.at, now)}　発信元 ${lastNotice.sender ?? '（記録の保存期間を過ぎました）'}</p>`
}</section>`

const customerCard = ({ file, may, now }: CaseView): Html => {
  const { id } = file.customer
  return html`<section class="card"><h2>お客様</h2>
<table class="facts"><caption class="unseen">お客様の情報（伏せて表示しています）</caption><tbody>
${row('お名前', html`${nameWords(file)}　${revealLink(file, 'name', may.reveal)}`)}
${row('携帯電話', html`<span class="whole">${phoneWords(file)}</span>　${revealLink(file, 'phone', may.reveal)}`)}
${row('生年月日', html`${birthDateWords(file)}　${revealLink(file, 'birth-date', may.reveal)}`)}
${row('顧客番号', html`${numberWords(file)}　${revealLink(file, 'customer-number', may.reveal)}`)}
${row('ご契約', html`${file.contractNumbers.map((number) => html`<span class="whole">${contractWords(file, number)}</span> `)}　${revealLink(file, 'contract-numbers', may.reveal)}`)}
${row('いま見えている画面', html`<a href="${urls.caseScreen(id)}">${screenWords(file.screen)}</a>`)}
${row('本人認証', identityWords(file, now))}
${file.sharers.length > 0 && row('同じ電話番号', html`${file.sharers.map((other) => html`<a href="${urls.case(other.id)}">${nameWords({ customer: other, contractNumbers: [], revealed: new Set() })}</a> `)}`)}
</tbody></table>
${
  may.act &&
  html`<p class="more">
<a href="${urls.caseWishes(id)}">ご連絡の希望</a>　<a href="${urls.caseUnlock(id)}">認証の解除</a>　<a href="${urls.caseWrongNumber(id)}">番号違い</a></p>`
}</section>`
}

const identityWords = ({ identity }: CustomerFile, now: Date): Html | string => {
  const { lockedUntil, triesToday, codesToday } = identity
  if (lockedUntil !== undefined) return html`<b class="stop">${instantCell(lockedUntil, now)} まで停止</b>`
  return triesToday === 0 && codesToday === 0 ? '本日の入力なし' : `本日 入力${triesToday}回・認証番号${codesToday}回`
}

export const screenWords = (screen: ScreenNow): string => {
  switch (screen.kind) {
    case 'no-code':
      return screen.because === 'hold' ? '認証できません（連絡停止）' : '認証できません（ご請求なし）'
    case 'settled':
      return 'ご入金を確認しました'
    case 'menu':
      switch (screen.offer.kind) {
        case 'days':
          return screen.answer === undefined ? 'メニュー（未回答）' : 'メニュー（回答済み）'
        case 'on-hold':
          return 'メニュー（お支払いのお願いなし）'
        case 'only-consultation':
          return 'メニュー（ご相談のみ）'
      }
  }
}
