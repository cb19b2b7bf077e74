import type { Actor, AuditCheck, AuditVerdict, FoundLine } from '#audit'
import { type Html, html } from '#platform/html/html'
import { type Day, japaneseDay } from '#values/day'
import { actorWords, type OperatorNames } from './actor-words.ts'
import { auditWord, auditWords, factsWords } from './audit-words.ts'
import { csvLinks } from './csv-reply.ts'
import { form } from './form.views.ts'
import type { Frame } from './frame.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import {
  addressOf,
  asOf,
  choiceFilter,
  customerCell,
  dayFilter,
  emptyList,
  filters,
  formatCount,
  instantCell,
  listTable,
  pager,
} from './list.views.ts'
import type { MaskedCustomer } from './masked-customers.ts'
import type { KnownOperator } from './operators.store.ts'
import { urls } from './urls.ts'

/** What is asked for, as it stands in the address. */
export type AuditQuestion = {
  readonly from: Day
  /** The last day of the period. */
  readonly to: Day
  readonly act?: string | undefined
  readonly actor?: Actor | 'people' | undefined
  readonly customer?: string | undefined
}

export type AuditPage = {
  readonly question: AuditQuestion
  readonly lines: readonly FoundLine[]
  readonly customers: ReadonlyMap<string, MaskedCustomer>
  readonly customer: MaskedCustomer | undefined
  readonly names: OperatorNames
  readonly operators: readonly KnownOperator[]
  readonly checks: readonly AuditCheck[]
  readonly checkFormId: string
  readonly customerFormId: string
  readonly problem?: 'no-such-customer' | undefined
  readonly next: string | undefined
  readonly isFirst: boolean
}

export const auditPage = (look: ConsoleLook, frame: Frame, shown: AuditPage): string => {
  const { question, lines, problem, checks } = shown
  return consolePage(look, frame, {
    title: '監査ログ',
    here: 'audit',
    hasErrors: problem !== undefined,
    body: html`<div class="head"><h1>監査ログ</h1><div class="actions">${form(urls.auditChecks, shown.checkFormId, html`<button class="button quiet">改ざんがないか確認する</button>`)}</div></div>
${problem && html`<div class="summary" role="alert" tabindex="-1" autofocus><p>その顧客番号のお客様は見つかりません。</p></div>`}
${checksPart(checks, frame.now)}
${filters(urls.audit, html`${dayFilter('from', '期間の初め', question.from)}${dayFilter('to', '期間の終わり', question.to)}${choiceFilter('actor', '担当', actorChoices(shown), question.actor)}${choiceFilter('act', '操作', actChoices, question.act)}`, { customer: question.customer })}
${customerPart(shown)}
<p class="soft">${japaneseDay(question.from)}から${japaneseDay(question.to)}までの記録を、新しいものから表示しています。 ${csvLinks(questionAddress(urls.auditCsv, question))}　<a href="${questionAddress(urls.auditJsonl, question)}" download>JSON Lines（連鎖の値つき）</a></p>
${lines.length === 0 ? emptyList('この条件の記録はありません。') : lineTable(shown, frame.now)}
${pager(shown.next, shown.isFirst ? undefined : questionAddress(urls.audit, question))}`,
  })
}

export const questionAddress = (path: string, question: AuditQuestion, before?: string): string =>
  addressOf(path, { ...question, before })

const actChoices = Object.entries(auditWords).map(([value, label]) => ({ value, label }))

const actorChoices = ({ operators, question: { actor } }: AuditPage) => {
  const known = operators.map(({ subject, name }) => ({ value: `operator:${subject}`, label: name }))
  const choices = [
    { value: 'people', label: '担当者（全員）' },
    { value: 'customer', label: 'お客様' },
    { value: 'system', label: '自動' },
    ...known,
  ]
  // Somebody of the command line, or who signed in long ago, is chosen by pressing their name.
  const isKnown = actor === undefined || choices.some(({ value }) => value === actor)
  return isKnown ? choices : [...choices, { value: actor, label: actorWords(actor as Actor, new Map()) }]
}

const customerPart = ({ question, customer, customerFormId }: AuditPage): Html =>
  question.customer === undefined
    ? html`<details class="by-customer"><summary>お客様で絞り込む</summary>${form(urls.auditCustomer, customerFormId, html`<div class="filters"><div><label for="number">顧客番号</label><br><input type="text" id="number" name="number" autocomplete="off"></div><button class="button quiet">絞り込む</button></div>`)}</details>`
    : html`<p>お客様：${customerCell(customer, question.customer)} の記録だけを表示しています。<a href="${questionAddress(urls.audit, { ...question, customer: undefined })}">すべてのお客様を表示</a></p>`

const lineTable = ({ lines, customers, names, question }: AuditPage, now: Date): Html =>
  listTable(
    '監査ログの記録',
    ['日時', '担当', '操作', 'お客様', '内容', { label: '通し番号', isNumber: true }],
    lines.map(
      ({ at, actor, act, customerId, facts, position }) =>
        html`<tr><td>${instantCell(at, now)}</td><td><a href="${questionAddress(urls.audit, { ...question, actor })}">${actorWords(actor, names)}</a></td><td>${auditWord(act)}</td><td>${customerId !== undefined && customerCell(customers.get(customerId), customerId)}</td><td class="facts">${factsWords(facts)}</td><td class="n">${position === undefined ? '' : formatCount(position)}</td></tr>`,
    ),
  )

/** Is the log whole? The last answer, and when it was given; it moves while a worker follows the chain. */
export const checksPart = (checks: readonly AuditCheck[], now: Date): Html => {
  const [latest] = checks
  const isWaiting = latest !== undefined && latest.ended === undefined
  const told = checks.find(({ ended }) => ended !== undefined)
  return html`<div class="sum" id="checks"${isWaiting && html` hx-get="${urls.auditChecksLive}" hx-trigger="every 1s" hx-swap="outerHTML"`}>
${isWaiting && html`<p>記録のすべてを、初めから順に確認しています。 <progress aria-label="監査ログの確認"></progress></p>`}
${told?.ended ? verdictWords(told.ended.verdict, told.ended.at, now) : !isWaiting && html`まだ一度も確認していません。「改ざんがないか確認する」を押すと、すべての記録を初めから順に確かめます。`}${asOf(now)}
</div>`
}

const verdictWords = (verdict: AuditVerdict, at: Date, now: Date): Html =>
  verdict.kind === 'intact'
    ? html`<p>${instantCell(at, now)} に確認：<b>${formatCount(verdict.lines)}</b>件の記録に、<b>改ざんも欠けもありません。</b></p>
<p class="hint">末尾の値 <code>${verdict.head.slice(0, 16)}…${verdict.head.slice(-8)}</code> を別の場所に控えておくと、後から末尾が切り取られていないことも確かめられます。</p>`
    : html`<p><strong class="fault">${instantCell(at, now)} の確認で、記録の連鎖が切れていました：${brokenWords[verdict.because]}</strong></p>
<p class="hint">${verdict.position === null ? '通し番号のない記録' : `通し番号 ${formatCount(verdict.position)}`}　<code>${verdict.lineId ?? ''}</code>　運用の担当者に、すぐにお知らせください。</p>`

const brokenWords: Readonly<Record<Extract<AuditVerdict, { kind: 'broken' }>['because'], string>> = {
  'seal-missing': '連鎖の値がありません。',
  'line-missing': '記録がありません。',
  'line-changed': '記録が書き換えられています。',
  'line-unsealed': '連鎖に加わっていない記録があります。',
}
