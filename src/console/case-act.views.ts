import type { ScreenNow } from '#guidance'
import { consultationWays, paidMethods, topics } from '#guidance'
import type { KeptHold } from '#outreach'
import { type Html, html } from '#platform/html/html'
import { type Day, japaneseDay } from '#values/day'
import { answerKinds } from './answer-words.ts'
import { type ContactWish, callTimeWords, hearingWords, languageWords } from './contact-wish.rules.ts'
import { holdNames } from './contact-words.rules.ts'
import type { CustomerFile, Somebody } from './customer-file.ts'
import { errorSummary, type FieldProblem, form } from './form.views.ts'
import type { Frame } from './frame.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import { instantCell } from './list.views.ts'
import { type RevealField, revealFieldNames, revealMinutes, revealReasons } from './reveal.rules.ts'
import { actHead, nameWords } from './somebody.views.ts'
import { urls } from './urls.ts'

/** What somebody typed and what was wrong with it; nothing of it was kept. */
export type Typed = {
  readonly values: Readonly<Record<string, string | undefined>>
  readonly problems: readonly FieldProblem[]
}

type Act = { readonly somebody: Somebody; readonly formId: string; readonly typed: Typed }

const actPage = (look: ConsoleLook, frame: Frame, heading: string, { somebody, typed }: Act, body: Html): string =>
  consolePage(look, frame, {
    title: heading,
    here: 'cases',
    hasErrors: typed.problems.length > 0,
    body: html`${actHead(somebody, heading)}${errorSummary(typed.problems)}${body}`,
  })

export const notePage = (look: ConsoleLook, frame: Frame, act: Act): string =>
  actPage(
    look,
    frame,
    'メモ',
    act,
    html`<section class="card">${form(
      urls.caseNote(act.somebody.customer.id),
      act.formId,
      html`${area(act.typed, 'text', 'お話しの内容', 'お客様に見えることはありません。カード番号や暗証番号は書かないでください。')}
<button class="button">記録する</button>`,
    )}</section>`,
  )

export const holdPage = (
  look: ConsoleLook,
  frame: Frame,
  act: Act & {
    readonly releaseFormId: string
    readonly holds: readonly KeptHold[]
    readonly today: Day
    readonly now: Date
  },
): string => {
  const { somebody, typed, holds, today, now } = act
  const { id } = somebody.customer
  const active = holds.filter(({ release }) => release === null)
  return actPage(
    look,
    frame,
    '連絡停止',
    act,
    html`<div class="grid">
<section class="card"><h2>連絡を停止する</h2>
<p>記録したときから、SMSは送信されません。送信待ちのSMSも止まり、お支払いのご予定は取り消されます。受任通知・ご逝去・番号違いでは、お客様の画面も終了します。</p>
${form(
  urls.caseHold(id),
  act.formId,
  html`${radios(typed, 'reason', '理由', holdNames, 'legal')}
${day(typed, 'receivedDay', '受領日（受任通知）', today)}
${line(typed, 'lawFirm', '法律事務所・司法書士事務所（受任通知）', 'お名前は暗号化して保存されます。')}
${day(typed, 'documentDay', '書面の日付', undefined)}
<button class="button bad">連絡を停止する</button>`,
)}</section>
<div>
<section class="card"><h2>いまの連絡停止</h2>
${
  active.length === 0
    ? html`<p>停止していません。</p>`
    : active.map(
        (hold) =>
          html`<p><b>${holdNames[hold.reason]}</b>　${instantCell(hold.placedAt, now)} から${hold.receivedDay && html`<br>受領 ${japaneseDay(hold.receivedDay)}`}${hold.lawFirm && html`　${hold.lawFirm}`}${hold.documentDay && html`<br>書面 ${japaneseDay(hold.documentDay)}`}</p>`,
      )
}
${
  active.length > 0 &&
  form(
    urls.caseRelease(id),
    act.releaseFormId,
    html`${choose(typed, 'released', '解除する停止', Object.fromEntries(active.map(({ reason }) => [reason, holdNames[reason]])))}
${line(typed, 'because', '解除の理由', '例：辞任通知を受領（11月30日付）')}
<button class="button quiet">解除する</button>`,
  )
}</section>
${
  holds.length > active.length &&
  html`<section class="card"><h2>これまでの連絡停止</h2><ul>${holds
    .filter(({ release }) => release !== null)
    .map(
      (hold) =>
        html`<li>${holdNames[hold.reason]}　${instantCell(hold.placedAt, now)}〜${hold.release && instantCell(hold.release.at, now)}${hold.release?.because && html`　${hold.release.because}`}</li>`,
    )}</ul></section>`
}
</div></div>`,
  )
}

export const answerPage = (
  look: ConsoleLook,
  frame: Frame,
  act: Act & { readonly cancelFormId: string; readonly file: CustomerFile; readonly today: Day },
): string => {
  const { somebody, typed, file, today } = act
  const { id } = somebody.customer
  return actPage(
    look,
    frame,
    '代理で回答',
    act,
    html`<div class="grid">
<section class="card"><h2>お客様のお話しを記録する</h2>
<p>お客様ご自身の画面と同じ決まりで受け付けます。記録すると受付番号が出ますので、お伝えください。</p>
${
  file.bills.length === 0
    ? html`<p>いま、回答を受け付けるご請求はありません。</p>`
    : form(
        urls.caseAnswer(id),
        act.formId,
        html`<input type="hidden" name="shownOn" value="${today}">
<fieldset class="field"><legend>ご回答</legend>
${offered(file.screen).map(
  ({
    value,
    label,
  }) => html`<label class="radio"><input type="radio" name="answer" value="${value}"${value === typed.values.answer && html` checked`}>${label}</label>
`,
)}</fieldset>
${choose(typed, 'method', 'お支払いの方法（お支払い済みの場合）', { '': '選択なし', ...paidMethods })}
${day(typed, 'paidOn', 'お支払いの日（お支払い済みの場合）', undefined)}
${choose(typed, 'topic', 'ご相談の内容（ご相談の場合）', { '': '選択なし', ...topics })}
${choose(typed, 'reachBy', 'ご連絡の方法（ご相談の場合）', { '': '選択なし', ...consultationWays })}
<button class="button">この内容で記録する</button>`,
      )
}</section>
<section class="card"><h2>お支払いのご予定</h2>
${
  file.pendingPromise === undefined
    ? html`<p>お待ちしているご予定はありません。</p>`
    : html`<p><b>${japaneseDay(file.pendingPromise.day)}まで</b>　受付番号 ${file.pendingPromise.receiptNumber.replace(/^(\d{3})(\d{3})(\d{3})$/, '$1-$2-$3')}</p>
<p>別の日に変えるときは、左で新しい日を選んでください（はじめにお選びいただいた日の範囲で変えられます）。</p>
${form(urls.caseCancelPromise(id), act.cancelFormId, html`<p>お申し出により取り消すと、停止していたご案内が再び始まります。</p><button class="button bad">ご予定を取り消す</button>`)}`
}</section>
</div>`,
  )
}

/** What the rules of answering would take now: the same as the customer's own buttons. */
const offered = (screen: ScreenNow): readonly { readonly value: string; readonly label: string }[] => {
  const paid = { value: 'already-paid', label: answerKinds['already-paid'] }
  const consultation = { value: 'consultation', label: answerKinds.consultation }
  if (screen.kind !== 'menu') return []
  switch (screen.offer.kind) {
    case 'on-hold':
      return [consultation]
    case 'only-consultation':
      return [paid, consultation]
    case 'days':
      return [
        ...screen.offer.choices.map(({ day: on, name }) => ({
          value: `promise:${on}`,
          label: `${name === null ? '' : `${name} `}${japaneseDay(on)}までにお支払い`,
        })),
        paid,
        consultation,
      ]
  }
}

export const wishesPage = (look: ConsoleLook, frame: Frame, act: Act & { readonly wish: ContactWish }): string =>
  actPage(
    look,
    frame,
    'ご連絡の希望',
    act,
    html`<section class="card">${form(
      urls.caseWishes(act.somebody.customer.id),
      act.formId,
      html`${radios(act.typed, 'callTime', 'お電話の時間', callTimeWords, act.wish.callTime)}
${choose(act.typed, 'language', '言語', languageWords, act.wish.language)}
${radios(act.typed, 'hearing', '聞こえ', hearingWords, act.wish.hearing)}
<button class="button">記録する</button>`,
    )}</section>`,
  )

/** An act without anything to fill in: what it does, and the one button that does it. */
export const confirmPage = (
  look: ConsoleLook,
  frame: Frame,
  act: Act & {
    readonly heading: string
    readonly action: string
    readonly words: readonly (string | Html)[]
    readonly button: string
    readonly isGrave: boolean
  },
): string =>
  actPage(
    look,
    frame,
    act.heading,
    act,
    html`<section class="card">${act.words.map((words) => html`<p>${words}</p>`)}
${form(act.action, act.formId, html`<button class="button${act.isGrave && ' bad'}">${act.button}</button>`)}</section>`,
  )

export const revealPage = (look: ConsoleLook, frame: Frame, act: Act & { readonly field: RevealField }): string =>
  actPage(
    look,
    frame,
    `${revealFieldNames[act.field]}の表示`,
    act,
    html`<section class="card"><p>${nameWords(act.somebody)} 様の${revealFieldNames[act.field]}を、この画面に${revealMinutes}分間表示します。日時・あなたのお名前・理由が監査ログに残ります。</p>
${form(
  urls.reveal,
  act.formId,
  html`<input type="hidden" name="customer" value="${act.somebody.customer.id}"><input type="hidden" name="field" value="${act.field}">
${radios(act.typed, 'reason', '理由', revealReasons, undefined)}
<button class="button">理由を記録して表示する</button>`,
)}</section>`,
  )

const problemOf = ({ problems }: Typed, field: string): string | undefined =>
  problems.find((problem) => problem.field === field)?.text

const field = (
  typed: Typed,
  name: string,
  label: string,
  hint: string | undefined,
  control: (described: Html | undefined) => Html,
): Html => {
  const problem = problemOf(typed, name)
  const described = [hint && `${name}-hint`, problem && `${name}-fault`].filter(Boolean).join(' ')
  return html`<div class="field${problem && ' wrong'}"><label for="${name}">${label}</label>
${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}${control(described === '' ? undefined : html` aria-describedby="${described}"${problem && html` aria-invalid="true"`}`)}
${problem && html`<p class="fault" id="${name}-fault">${problem}</p>`}</div>
`
}

const area = (typed: Typed, name: string, label: string, hint?: string): Html =>
  field(
    typed,
    name,
    label,
    hint,
    (described) => html`<textarea id="${name}" name="${name}" rows="6"${described}>${typed.values[name]}</textarea>`,
  )

const line = (typed: Typed, name: string, label: string, hint?: string): Html =>
  field(
    typed,
    name,
    label,
    hint,
    (described) =>
      html`<input type="text" id="${name}" name="${name}" size="40" value="${typed.values[name]}"${described}>`,
  )

const day = (typed: Typed, name: string, label: string, usual: Day | undefined): Html =>
  field(
    typed,
    name,
    label,
    undefined,
    (described) =>
      html`<input type="date" id="${name}" name="${name}" value="${typed.values[name] ?? usual}"${described}>`,
  )

const choose = (
  typed: Typed,
  name: string,
  label: string,
  words: Readonly<Record<string, string>>,
  usual?: string,
): Html =>
  field(
    typed,
    name,
    label,
    undefined,
    (described) =>
      html`<select id="${name}" name="${name}"${described}>${Object.entries(words).map(([value, said]) => html`<option value="${value}"${value === (typed.values[name] ?? usual) && html` selected`}>${said}</option>`)}</select>`,
  )

const radios = (
  typed: Typed,
  name: string,
  legend: string,
  words: Readonly<Record<string, string>>,
  usual: string | undefined,
): Html => {
  const problem = problemOf(typed, name)
  return html`<fieldset class="field${problem && ' wrong'}" id="${name}"><legend>${legend}</legend>
${problem && html`<p class="fault">${problem}</p>`}${Object.entries(words).map(
  ([
    value,
    said,
  ]) => html`<label class="radio"><input type="radio" name="${name}" value="${value}"${value === (typed.values[name] ?? usual) && html` checked`}>${said}</label>
`,
)}</fieldset>
`
}
