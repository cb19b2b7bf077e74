import { debitOutcomes } from '#intake'
import { type Html, html } from '#platform/html/html'
import { japaneseDay } from '#values/day'
import { maskId } from '#values/mask'
import { formatYen, yen } from '#values/yen'
import { actorWords, type OperatorNames } from './actor-words.ts'
import type { FileProblems } from './file-problem.rules.ts'
import { form } from './form.views.ts'
import type { Frame } from './frame.ts'
import { type ImportFile, linesShownMax } from './import-file.ts'
import type { ImportReport } from './import-report.rules.ts'
import { kindNames, stateChip } from './imports.views.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import { asOf, formatCount, instantCell } from './list.views.ts'
import { urls } from './urls.ts'

export type ImportFilePage = {
  readonly file: ImportFile
  readonly names: OperatorNames
  readonly undoFormId: string
  readonly undoProblem?: UndoProblem | undefined
  readonly mayExport: boolean
}

/** Why an import was not undone. */
export const undoProblems = {
  'money-refunded': 'この取込の入金の一部が、すでにお客様に返金されているため、取り消せません。',
  'no-such-import': '取込が見つかりません。',
  stays: 'この種類の取込は取り消せません。',
  'ended-before': 'この取込は、すでに取り消されているか、置き換えられています。',
  'notice-has-left': 'この取込のご請求で、すでにご案内が送信されているため、取り消せません。',
  expired: '画面が古くなっていたため、取り消していません。',
} as const

export type UndoProblem = keyof typeof undoProblems

export const importFilePage = (look: ConsoleLook, frame: Frame, shown: ImportFilePage): string =>
  consolePage(look, frame, {
    title: `取込 ${shown.file.fileName}`,
    here: 'imports',
    hasErrors: shown.undoProblem !== undefined,
    body: html`<p><a href="${urls.imports}">取込の一覧</a></p>
${importFileBody(frame, shown)}`,
  })

/** Asked for again and again while a worker has the file; the last answer asks no more. */
export const importFileBody = (
  frame: Frame,
  { file, names, undoProblem, undoFormId, mayExport }: ImportFilePage,
): Html => {
  const { id, report, problems, rejected, notBilled } = file
  return html`<div${report === undefined && html` hx-get="${urls.importLive(id)}" hx-trigger="every 1s" hx-swap="outerHTML"`}>
<div class="head"><h1>${file.fileName} ${stateChip(file.state)}</h1></div>
${undoProblem && html`<div class="summary" role="alert" tabindex="-1" autofocus><p>${undoProblems[undoProblem]}</p></div>`}
${report === undefined ? underWay(file) : result(report, file, frame)}
<div class="grid">
<div>${report && report.counts.length > 0 && countsCard(report)}${problems && problemsCard(id, problems)}${rejected.length > 0 && rejectedCard(file)}${notBilled.length > 0 && notBilledCard(file, mayExport)}</div>
<div>${factsCard(file, names, frame)}${mayBeUndone(file) && undoCard(file, undoFormId)}</div>
</div>
</div>`
}

const underWay = ({ id, state }: ImportFile): Html => html`<div class="sum">
${state.kind === 'under-way' ? progress(state) : html`順番を待っています。前のファイルが終わりしだい、取り込みます。`}
<p class="hint">この画面を閉じても、取込は続きます。<a href="${urls.import(id)}">最新の状態を表示</a></p>
</div>`

const progress = ({ bytesDone, byteCount }: { readonly bytesDone: number; readonly byteCount: number }): Html => {
  const percent = byteCount === 0 ? 0 : Math.floor((bytesDone / byteCount) * 100)
  return percent >= 100
    ? html`読み込みが終わりました。<b>照合して、記録しています。</b> <progress aria-label="照合と記録"></progress>`
    : html`読み込んでいます。 <progress max="100" value="${percent}" aria-label="読み込みの進み具合"></progress> <b>${percent}%</b> <span>（${sizeWords(bytesDone)} / ${sizeWords(byteCount)}）</span>`
}

const result = (
  { headline, tone, notes }: ImportReport,
  { others, state, endedAt }: ImportFile,
  { now }: Frame,
): Html => html`<div class="note ${tone}">
<p><strong>${headline}</strong></p>
${notes.map((note) => html`<p>${note}</p>`)}
${others.map((id, index) => html`<p><a href="${urls.import(id)}">前の取込を表示${others.length > 1 && `（${index + 1}）`}</a></p>`)}
${(state.kind === 'undone' || state.kind === 'replaced') && html`<p>この取込は、${endedAt && instantCell(endedAt, now)}に${state.kind === 'undone' ? '取り消されました' : '訂正ファイルで置き換えられました'}。上の結果は、取込のときのものです。</p>`}
</div>`

const countsCard = ({ counts }: ImportReport): Html => {
  const hasAmounts = counts.some(({ amount }) => amount !== undefined)
  return html`<section class="card"><h2>内訳</h2>
<table><caption class="unseen">取込の内訳</caption><thead><tr><th scope="col">結果</th><th scope="col" class="n">件数</th>${hasAmounts && html`<th scope="col" class="n">金額</th>`}<th scope="col">説明</th></tr></thead>
<tbody>${counts.map(
    ({ what, count, amount, why }) =>
      html`<tr><th scope="row">${what}</th><td class="n">${formatCount(count)}</td>${hasAmounts && html`<td class="n">${amount === undefined ? '' : formatYen(yen(amount))}</td>`}<td>${why}</td></tr>`,
  )}</tbody></table></section>`
}

const problemsCard = (id: string, { problems, further }: FileProblems): Html => {
  const shown = problems.slice(0, linesShownMax)
  const rest = problems.length + further - shown.length
  return html`<section class="card"><div class="head"><h2>誤りの一覧</h2><a class="button quiet" href="${urls.importProblems(id)}" download>CSV</a></div>
<table><caption>ファイルの値は伏せて表示しています（数字は #、カナは ア・ｱ）</caption><thead><tr><th scope="col" class="n">行</th><th scope="col">項目</th><th scope="col">誤り</th><th scope="col">ファイルの値</th><th scope="col">正しい値</th></tr></thead>
<tbody>${shown.map(
    ({ line, field, what, found, expected }) =>
      html`<tr><td class="n">${line ?? ''}</td><td>${field}</td><td>${what}</td><td>${found}</td><td>${expected}</td></tr>`,
  )}</tbody></table>${rest > 0 && html`<p class="soft">ほかに${formatCount(rest)}件あります。</p>`}</section>`
}

const rejectedCard = ({
  id,
  rejected,
}: ImportFile): Html => html`<section class="card"><div class="head"><h2>取り込めなかった行</h2><a class="button quiet" href="${urls.importRejected(id)}" download>行と理由をダウンロード</a></div>
<p class="hint">ダウンロードしたファイルを直して、そのままもう一度お送りいただけます。個人情報を含むため、ダウンロードは記録されます。7日後に消去されます。</p>
<table><caption class="unseen">取り込めなかった行と理由</caption><thead><tr><th scope="col" class="n">行</th><th scope="col">顧客番号</th><th scope="col">理由</th></tr></thead>
<tbody>${rejected.map(
  ({ line, customerNumber, reasons }) =>
    html`<tr><td class="n">${line}</td><td>${customerNumber}</td><td>${reasons.map((reason) => html`<div>${reason}</div>`)}</td></tr>`,
)}</tbody></table>${rejected.length >= linesShownMax && html`<p class="soft">はじめの${linesShownMax}行です。</p>`}</section>`

const notBilledCard = (
  { id, notBilled }: ImportFile,
  mayExport: boolean,
): Html => html`<section class="card"><div class="head"><h2>確認が必要なもの</h2>${mayExport && html`<a class="button quiet" href="${urls.importNotBilled(id)}" download>CSV</a>`}</div>
<table><caption class="unseen">案内の対象にならず、確認が必要な振替結果</caption><thead><tr><th scope="col" class="n">行</th><th scope="col">顧客番号</th><th scope="col" class="n">金額</th><th scope="col">結果コード</th><th scope="col">理由</th></tr></thead>
<tbody>${notBilled.map(
  ({ record, customerNumber, amount, resultCode, outcome }) =>
    html`<tr><td class="n">${record}</td><td>${maskId(customerNumber)}</td><td class="n">${formatYen(yen(amount))}</td><td>${resultCode}</td><td>${debitOutcomes[outcome].because}</td></tr>`,
)}</tbody></table>${notBilled.length >= linesShownMax && html`<p class="soft">はじめの${linesShownMax}件です。</p>`}</section>`

const factsCard = (
  file: ImportFile,
  names: OperatorNames,
  { now }: Frame,
): Html => html`<section class="card"><h2>ファイル</h2>
<dl class="pairs">
<div><dt>種類</dt><dd>${kindNames[file.kind]}</dd></div>
<div><dt>受け付けた日時</dt><dd>${instantCell(file.at, now)}</dd></div>
<div><dt>届いた日</dt><dd>${japaneseDay(file.receivedOn)}</dd></div>
${file.byteCount !== undefined && html`<div><dt>大きさ</dt><dd>${sizeWords(file.byteCount)}</dd></div>`}
<div><dt>担当</dt><dd>${actorWords(file.by, names)}</dd></div>
${file.replaces !== undefined && html`<div><dt>置き換えた取込</dt><dd><a href="${urls.import(file.replaces)}">前のファイル</a></dd></div>`}
</dl>${asOf(now)}</section>`

const mayBeUndone = ({ kind, state }: ImportFile): boolean =>
  state.kind === 'imported' && (kind === 'debits' || kind === 'deposits')

const undoCard = (
  { id, kind }: ImportFile,
  undoFormId: string,
): Html => html`<section class="card"><h2>取込のやり直し</h2>
${kind === 'debits' && html`<p>訂正されたファイルが届いたときは、この取込を置き換えます。<br><a class="button quiet" href="${urls.imports}?replaces=${id}">訂正ファイルで置き換える</a></p>`}
<details><summary>この取込を取り消す</summary>
<p>${kind === 'debits' ? 'この取込でできたご請求を取り下げます。ご案内が1通でも送信された後は、取り消せません。' : 'この取込の入金をすべて取り下げ、消し込んだご請求を未入金に戻します。'}取消は記録されます。</p>
${form(urls.undoImport(id), undoFormId, html`<button class="button bad">取り消す</button>`)}
</details></section>`

const sizeWords = (bytes: number): string => {
  if (bytes < 1_024) return `${bytes}バイト`
  if (bytes < 1_024 * 1_024) return `${formatCount(Math.ceil(bytes / 1_024))}KB`
  return `${(bytes / 1_024 / 1_024).toFixed(1)}MB`
}
