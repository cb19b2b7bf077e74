import type { FileLine, FileState, ImportKind } from '#intake'
import { type Html, html } from '#platform/html/html'
import { type Day, dayInJst } from '#values/day'
import { actorWords, type OperatorNames } from './actor-words.ts'
import { formField } from './form.views.ts'
import type { Frame } from './frame.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import { asOf, emptyList, formatCount, instantCell, listTable, pager } from './list.views.ts'
import { urls } from './urls.ts'

export const kindNames: Readonly<Record<ImportKind, string>> = {
  customers: 'お客様・ご契約',
  debits: '口座振替の結果',
  deposits: '入金',
  'virtual-accounts': '仮想口座の一覧',
}

const kindHints: Readonly<Record<ImportKind, string>> = {
  customers: 'CSV（UTF-8、Shift_JIS）',
  debits: '全銀協 91',
  deposits: '全銀協 01・03、コンビニのCSV',
  'virtual-accounts': '銀行のCSV',
}

/** Why a file was not even received. */
export const uploadProblems = {
  kind: 'ファイルの種類を選んでください。',
  day: '受付日は、今日までの日付で入力してください。',
  empty: 'ファイルを選んでください。中身のないファイルは送れません。',
  replaces: '置き換える取込が見つかりません。',
  expired: '画面が古くなっていました。もう一度、ファイルを選んで送ってください。',
  'too-long': 'ファイルが大きすぎます（2GBまで）。',
  'not-sent': 'ファイルを送れませんでした。通信の状態をご確認のうえ、もう一度お試しください。',
} as const

export type UploadProblem = keyof typeof uploadProblems

export type ImportsPage = {
  readonly files: readonly FileLine[]
  readonly names: OperatorNames
  readonly kinds: readonly ImportKind[]
  readonly today: Day
  readonly formId: string
  readonly problem?: UploadProblem | undefined
  /** The import that the next file corrects. */
  readonly replaces?: { readonly id: string; readonly fileName: string } | undefined
  readonly next?: string | undefined
  readonly isFirst: boolean
}

export const importsPage = (look: ConsoleLook, frame: Frame, shown: ImportsPage): string =>
  consolePage(look, frame, {
    title: '取込',
    here: 'imports',
    hasErrors: shown.problem !== undefined,
    scripts: ['console-upload'],
    body: html`<div class="head"><h1>取込</h1></div>
${shown.problem && html`<div class="summary" role="alert" tabindex="-1" autofocus><p>${uploadProblems[shown.problem]}</p></div>`}
${shown.isFirst && html`<p class="sum">${todaysWords(shown.files, frame.now)}${asOf(frame.now)}</p>`}
${shown.isFirst && uploadForm(shown)}
<h2 class="list-title">これまでのファイル</h2>
${shown.files.length === 0 ? emptyList('まだファイルはありません。上の欄から、最初のファイルをお送りください。') : fileTable(shown, frame.now)}
${pager(shown.next, shown.isFirst ? undefined : urls.imports)}`,
  })

const todaysWords = (files: readonly FileLine[], now: Date): Html => {
  const todays = files.filter(({ at }) => dayInJst(at) === dayInJst(now))
  const count = (...kinds: readonly FileState['kind'][]) =>
    todays.filter(({ state }) => kinds.includes(state.kind)).length
  const open = count('waiting', 'under-way')
  return todays.length === 0
    ? html`本日の取込は、まだありません。`
    : html`本日 <b>${todays.length}</b> <span>=</span> 取込済み <b>${count('imported')}</b> <span>+</span> 取込中 <b>${open}</b> <span>+</span> 取り込めなかったもの <b>${count('refused')}</b> <span>+</span> 取消・置換 <b>${count('undone', 'replaced')}</b>`
}

const uploadForm = ({ kinds, today, formId, replaces }: ImportsPage): Html => html`<div class="card upload">
<h2>ファイルを取り込む</h2>
<form method="post" action="${urls.imports}" enctype="multipart/form-data" id="upload">${formField(formId)}
${replaces && html`<p class="note">「${replaces.fileName}」を、次に送るファイルで置き換えます。前のファイルのご請求は取り消されます。<a href="${urls.imports}">置き換えをやめる</a></p><input type="hidden" name="replaces" value="${replaces.id}"><input type="hidden" name="kind" value="debits">`}
<div class="upload-fields">
${
  replaces === undefined &&
  html`<fieldset class="field"><legend>種類</legend>${kinds.map(
    (kind) =>
      html`<label class="radio"><input type="radio" name="kind" value="${kind}">${kindNames[kind]} <small>${kindHints[kind]}</small></label>`,
  )}</fieldset>`
}
<div class="field"><label for="received">受付日</label><p class="hint">銀行などからファイルが届いた日</p><input type="date" id="received" name="received" value="${today}" max="${today}"></div>
<div class="field"><label for="file">ファイル</label><p class="hint">受け取ったままのファイル（2GBまで）</p><input type="file" id="file" name="file"></div>
<div class="field"><button class="button">取り込む</button></div>
</div>
<p id="sending" hidden><progress max="100" value="0" aria-label="送信の進み具合"></progress> <span></span></p>
</form>
</div>`

const fileTable = ({ files, names }: ImportsPage, now: Date): Html =>
  listTable(
    '取り込んだファイルと、取り込めなかったファイル',
    ['受付', '種類', 'ファイル', { label: '件数', isNumber: true }, '状態', '担当'],
    files.map(
      (file) =>
        html`<tr><td>${instantCell(file.at, now)}</td><td>${kindNames[file.kind]}</td><td><a href="${urls.import(file.id)}" data-result>${file.fileName}</a></td><td class="n">${file.recordCount === undefined ? '' : formatCount(file.recordCount)}</td><td>${stateChip(file.state)}</td><td>${actorWords(file.by, names)}</td></tr>`,
    ),
  )

export const stateChip = (state: FileState): Html => {
  const [words, tone] = stateWords(state)
  return html`<span class="chip flush${tone && ` ${tone}`}">${words}</span>`
}

const stateWords = (state: FileState): readonly [string, string] => {
  switch (state.kind) {
    case 'waiting':
      return ['順番待ち', '']
    case 'under-way':
      return ['取込中', '']
    case 'imported':
      return ['取込済み', 'go']
    case 'undone':
      return ['取消済み', 'warn']
    case 'replaced':
      return ['置換済み', 'warn']
    case 'refused':
      return state.because === 'already-imported' ? ['取込済みと同じ', 'warn'] : ['取込不可', 'stop']
  }
}
