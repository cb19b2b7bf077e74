import type { PromiseChoice } from '#answers'
import { type Html, html } from '#platform/html/html'
import type { Day } from '#values/day'
import type { Yen } from '#values/yen'
import { choice, linkButton, stack, submitButton } from './button.views.ts'
import { form } from './form.views.ts'
import { type Look, layout } from './layout.views.ts'
import type { Signed } from './menu.views.ts'
import type { RedebitView } from './redebit.rules.ts'
import { redebitNotes } from './redebit-note.views.ts'
import { promiseOn, urls } from './urls.ts'
import { dayWords, yenWords } from './words.views.ts'

export type PromiseCheckView = Signed & {
  readonly formId: string
  readonly choice: PromiseChoice
  /** The day on which this page is shown: tomorrow is another day after midnight. */
  readonly shownOn: Day
  readonly billCount: number
  readonly total: Yen
  readonly redebits: readonly RedebitView[]
}

/** Where more than two days may be promised: one of them. */
export const promiseDaysPage = (
  look: Look,
  { endFormId, idleMinutes, choices }: Signed & { readonly choices: readonly PromiseChoice[] },
): string =>
  layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`<h1>お支払いのご予定日</h1>
<p>いつまでにお支払いいただけるかをお選びください。</p>
<div class="stack">
${choices.map(({ day, name }) =>
  name === null
    ? choice(promiseOn(day), html`${dayWords(day)}までにお支払い`)
    : choice(promiseOn(day), `${name}までにお支払い`, { id: `by-${day}`, words: html`${dayWords(day)}まで` }),
)}</div>
${stack(linkButton(urls.menu, '戻る'))}`,
  })

/** Nothing is recorded yet: which bills, how much, by when. */
export const promiseCheckPage = (look: Look, view: PromiseCheckView): string => {
  const { endFormId, idleMinutes, formId, choice, shownOn, billCount, total, redebits } = view
  const { day, countsOn } = choice
  return layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`<h1>お支払いのご予定の確認</h1>
${redebitNotes(redebits)}<div class="note"><p class="big">${dayWords(day)}まで</p>
<p>ご請求${billCount}件、合計${yenWords(total)}（${dayWords(day)}にお支払いの場合）。</p></div>
<p>${dayWords(day)}までにお支払いのご予定として承ります。よろしいですか。</p>
${countsOn !== day && bankNote(day, countsOn)}${form(
  urls.promise,
  formId,
  html`<input type="hidden" name="day" value="${day}"><input type="hidden" name="shownOn" value="${shownOn}">
<div class="stack">
${submitButton('この内容で連絡する')}${linkButton(urls.menu, '戻る')}</div>`,
)}
<p class="soft">お支払いのご予定をお知らせいただくもので、新しいご契約ではありません。</p>
<p class="soft">金融機関の営業時間外や土日祝日のお振込みは、翌営業日のお取扱いとなる場合がございます。</p>
`,
  })
}

const bankNote = (day: Day, countsOn: Day): Html =>
  html`<div class="note warn"><p>${dayWords(day)}は金融機関の休業日です。この日のお振込みは、${dayWords(countsOn)}のお取扱いとなります。</p></div>`
