import type { Advice, Deposit, DepositUse, Suggestion } from '#payments'
import { type Html, html } from '#platform/html/html'
import { fromHalfWidth } from '#values/kana'
import { maskId, maskKana } from '#values/mask'
import { formatYen, yen } from '#values/yen'
import type { OperatorAsked } from './console-route.ts'
import { channelWords, evidenceWords, matchedWords } from './deposit-words.ts'
import { errorSummary, type FieldProblem, form } from './form.views.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import { asOf, customerCell, dayCell, instantCell } from './list.views.ts'
import type { MaskedCustomer } from './masked-customers.ts'
import { may } from './roles.rules.ts'
import { unmatchedWords } from './unmatched-words.rules.ts'
import { urls } from './urls.ts'

export type DepositView = {
  readonly deposit: Deposit
  readonly payer: string | undefined
  readonly because: Advice['because'] | undefined
  readonly suggestions: readonly {
    readonly suggestion: Suggestion
    readonly billCount: number
    /** On the day of the money. */
    readonly owed: number
  }[]
  readonly uses: readonly DepositUse[]
  readonly customers: ReadonlyMap<string, MaskedCustomer>
  /** The next one that waits. */
  readonly nextId: string | undefined
  readonly typed: { readonly customerNumber: string; readonly contractNumber: string }
  readonly problems: readonly FieldProblem[]
}

export const depositPage = (look: ConsoleLook, asked: OperatorAsked, view: DepositView): string => {
  const { frame, query } = asked
  const { deposit, problems, nextId } = view
  const mayMatch = may(frame.operator.roles, 'match-deposits')
  const waits = deposit.customerId === null && deposit.endedAt === null
  return consolePage(look, frame, {
    title: '入金',
    hasErrors: problems.length > 0,
    here: 'deposits',
    body: html`<p><a href="${urls.deposits}">入金の一覧</a></p>
<div class="head"><h1>${dayCell(deposit.onDay, frame.now)}の入金　<span class="whole">${formatYen(deposit.amount)}</span>${stateChip(deposit)}</h1>${nextId !== undefined && html`<a class="button quiet" href="${urls.deposit(nextId)}">次の未照合の入金へ</a>`}</div>
${errorSummary(problems)}${said(query.said, view)}<p class="sum">${asOf(frame.now)}${answer(view)}</p>
<div class="grid">
<div>${waits ? suggestionCard(asked, view, mayMatch) : usesCard(view)}</div>
<div>${factsCard(asked, view)}${waits && mayMatch && byNumberCard(asked, view)}${deposit.customerId !== null && mayMatch && unmatchCard(asked, deposit)}</div>
</div>`,
  })
}

const stateChip = ({ customerId, endedAt }: Deposit): Html =>
  endedAt !== null
    ? html`<span class="chip stop">取り消された入金</span>`
    : customerId === null
      ? html`<span class="chip warn">未照合</span>`
      : html`<span class="chip go">消込済み</span>`

/** The page's question: whose is it? */
const answer = ({ deposit, because, customers }: DepositView): Html => {
  if (deposit.endedAt !== null) return html`この入金は取り消されています。`
  if (deposit.customerId !== null) {
    const customer = customers.get(deposit.customerId)
    return html`<a href="${urls.case(deposit.customerId)}">${customer?.name ?? 'お客様'}</a> <span class="whole">${customer?.number}</span> <span>様の入金です（${matchedWords[deposit.how ?? '']}${deposit.certainty === 'probable' && '、推定'}）</span>`
  }
  return html`<span>どなたの入金か決まっていません：</span>${because === undefined ? '' : because === 'would-match' ? '現在は1人のお客様に当てはまります。次の自動消込で照合されます。' : unmatchedWords[because]}`
}

const said = (words: string | undefined, { deposit }: DepositView): Html | undefined => {
  if (words === 'matched' && deposit.customerId !== null)
    return html`<div class="note good" role="status"><p>このお客様の入金として消込をしました。</p></div>`
  if (words === 'taken-apart' && deposit.customerId === null)
    return html`<div class="note good" role="status"><p>消込を取り消しました。充当していたご請求は、未払いに戻りました。</p></div>`
  return undefined
}

const suggestionCard = (
  asked: OperatorAsked,
  { deposit, suggestions, customers }: DepositView,
  mayMatch: boolean,
): Html => {
  const path = urls.matchDeposit(deposit.id)
  return html`<section class="card"><h2>この方かもしれません</h2>
${
  suggestions.length === 0
    ? html`<p>口座・番号・名義・金額のどれからも、お客様が見つかりませんでした。</p>`
    : html`<table><caption class="unseen">候補のお客様（有力な順）</caption><thead><tr><th scope="col">お客様</th><th scope="col">根拠</th><th scope="col" class="n">入金日のご請求</th><th scope="col" class="n">差額</th>${mayMatch && html`<th scope="col">操作</th>`}</tr></thead>
<tbody>${suggestions.map(({ suggestion, billCount, owed }) => html`<tr><td>${customerCell(customers.get(suggestion.customerId), suggestion.customerId)}</td><td>${evidenceWords(suggestion)}</td><td class="n">${billCount === 0 ? 'なし' : html`${billCount}件 ${formatYen(yen(owed))}`}</td><td class="n">${differenceWords(deposit.amount - owed)}</td>${mayMatch && html`<td>${form(path, asked.formId(path), html`<input type="hidden" name="customer" value="${suggestion.customerId}"><button class="link">この方の入金とする</button>`)}</td>`}</tr>`)}</tbody></table>`
}</section>`
}

const differenceWords = (difference: number): string =>
  difference === 0 ? 'なし' : `${formatYen(yen(Math.abs(difference)))}${difference > 0 ? '多い' : '少ない'}`

const usesCard = ({ uses }: DepositView): Html => html`<section class="card"><h2>充当</h2>
${
  uses.length === 0
    ? html`<p>充当はありません。</p>`
    : html`<table><caption class="unseen">この入金の充当</caption><thead><tr><th scope="col">充当先</th><th scope="col">ご契約</th><th scope="col" class="n">金額</th></tr></thead>
<tbody>${uses.map(({ account, dueDay, contractNumber, amount }) => html`<tr><td>${{ bill: 'ご請求', surplus: '過入金', refund: '返金' }[account]}${dueDay && html`（${dueDay.slice(5).replace('-', '/')} 期日）`}</td><td class="whole">${contractNumber && maskId(contractNumber)}</td><td class="n">${amount < 0 ? `−${formatYen(yen(-amount))}` : formatYen(yen(amount))}</td></tr>`)}</tbody></table>`
}</section>`

const factsCard = ({ frame }: OperatorAsked, { deposit, payer }: DepositView): Html => {
  const facts: readonly (readonly [string, Html | string | null | undefined])[] = [
    ['経路', html`${channelWords[deposit.channel]}${!deposit.isFinal && html`<span class="chip">速報</span>`}`],
    ['振込依頼人', payer && maskKana(fromHalfWidth(payer))],
    ['振込先の口座', deposit.account && maskId(deposit.account)],
    ['番号', deposit.reference && maskId(deposit.reference)],
    [
      '取込',
      deposit.importId && html`<a href="${urls.import(deposit.importId)}">取込ファイル</a>の${deposit.record}件目`,
    ],
    ['取込日時', instantCell(deposit.receivedAt, frame.now)],
  ]
  return html`<section class="card"><h2>入金の内容</h2><table><caption class="unseen">入金の内容</caption><tbody>${facts.map(
    ([name, value]) => value && html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`,
  )}</tbody></table></section>`
}

const byNumberCard = (asked: OperatorAsked, { deposit, typed, problems }: DepositView): Html => {
  const path = urls.matchDeposit(deposit.id)
  const field = (name: 'customerNumber' | 'contractNumber', label: string, hint?: string) => {
    const problem = problems.find((each) => each.field === name)
    return html`<div class="field${problem && ' wrong'}"><label for="${name}">${label}</label>${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}${problem && html`<p class="fault" id="${name}-fault">${problem.text}</p>`}<input type="text" id="${name}" name="${name}" value="${typed[name]}" autocomplete="off"${problem && html` aria-invalid="true" aria-describedby="${name}-fault"`}></div>`
  }
  return html`<section class="card by-number"><h2>顧客番号で照合する</h2>${form(
    path,
    asked.formId(path),
    html`${field('customerNumber', '顧客番号')}${field('contractNumber', '契約番号（任意）', 'このご契約のご請求に充当するときだけ入力します。')}<button class="button">このお客様の入金とする</button>`,
  )}</section>`
}

const unmatchCard = (asked: OperatorAsked, { id, channel, endedAt }: Deposit): Html | undefined => {
  if (endedAt !== null || channel === 'debit' || channel === 'card') return undefined
  const path = urls.unmatchDeposit(id)
  return html`<section class="card"><h2>消込を取り消す</h2><p>このお客様の入金ではないとわかったときに使います。充当していたご請求は未払いに戻り、この入金は未照合の一覧に戻ります。</p>${form(path, asked.formId(path), html`<button class="button bad">消込を取り消す</button>`)}</section>`
}
