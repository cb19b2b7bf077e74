import type { ScreenNow } from '#guidance'
import type { ShownLine } from '#messages'
import type { KeptHold } from '#outreach'
import { type Html, html } from '#platform/html/html'
import { japaneseDay } from '#values/day'
import { actorWords, type OperatorNames } from './actor-words.ts'
import { screenWords } from './case.views.ts'
import { becauseWords } from './contact-words.rules.ts'
import type { Somebody } from './customer-file.ts'
import type { Frame } from './frame.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import { instantCell } from './list.views.ts'
import { actHead } from './somebody.views.ts'
import type { Event } from './timeline.rules.ts'
import { eventWords } from './timeline.views.ts'

type EventView = {
  readonly somebody: Somebody
  readonly event: Event & { readonly note?: string }
  readonly lines: readonly ShownLine[]
  readonly names: OperatorNames
  readonly held: KeptHold | undefined
  readonly now: Date
}

/** One event with all that is known of it, as it is kept. */
export const eventPage = (
  look: ConsoleLook,
  frame: Frame,
  { somebody, event, lines, names, held, now }: EventView,
): string => {
  const { label, words } = eventWords(event)
  return consolePage(look, frame, {
    title: label,
    here: 'cases',
    body: html`${actHead(somebody, label)}
<section class="card"><p><b>${words}</b></p>
<table class="facts"><caption class="unseen">記録された内容</caption><tbody>
<tr><th scope="row">日時</th><td>${instantCell(event.at, now)}</td></tr>
${event.by !== null && html`<tr><th scope="row">行った人</th><td>${actorWords(event.by as 'system', names)}</td></tr>`}
${held?.lawFirm && html`<tr><th scope="row">法律事務所等</th><td>${held.lawFirm}</td></tr>`}
${held?.release?.because && html`<tr><th scope="row">解除の理由</th><td>${held.release.because}</td></tr>`}
<tr><th scope="row">記録の番号</th><td>${event.key}</td></tr>
${Object.entries(event.facts).map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${factWords(value)}</td></tr>`)}
</tbody></table></section>
${lines.length > 0 && html`<section class="card"><h2>送信の記録</h2>${lineTable(lines, now)}</section>`}`,
  })
}

const lineTable = (
  lines: readonly ShownLine[],
  now: Date,
): Html => html`<div class="scroll" tabindex="0" role="group" aria-label="送信の記録"><table><caption class="unseen">送信の記録</caption>
<thead><tr><th scope="col">日時</th><th scope="col">状態</th><th scope="col">経路</th><th scope="col">通信事業者の番号</th><th scope="col">理由</th></tr></thead>
<tbody>${lines.map(
  ({ at, state, gateway, carrierId, because }) =>
    html`<tr><td>${instantCell(at, now)}</td><td>${state}</td><td>${gateway ?? ''}</td><td>${carrierId ?? ''}</td><td>${because === null ? '' : becauseWords(because)}</td></tr>`,
)}</tbody></table></div>`

const factWords = (value: unknown): string =>
  value === null ? '—' : typeof value === 'object' ? JSON.stringify(value) : String(value)

type ScreenView = { readonly somebody: Somebody; readonly screen: ScreenNow; readonly now: Date }

/** What the customer would see who signed in now, so that both speak of the same buttons. */
export const screenPage = (look: ConsoleLook, frame: Frame, { somebody, screen }: ScreenView): string =>
  consolePage(look, frame, {
    title: 'お客様の画面',
    here: 'cases',
    body: html`${actHead(somebody, 'お客様がいま見る画面')}
<section class="card"><h2>${screenWords(screen)}</h2>
${screenDetails(screen)}</section>`,
  })

const screenDetails = (screen: ScreenNow): Html => {
  switch (screen.kind) {
    case 'no-code':
      return html`<p>${
        screen.because === 'hold'
          ? '連絡停止のため、認証画面に入力されても認証番号のSMSは送られません。画面には、一致しないときと同じ内容が表示されます。'
          : 'お支払いいただくご請求がないため、認証画面に入力されても認証番号のSMSは送られません。'
      }</p>`
    case 'settled':
      return html`<p>「ご入金を確認いたしました。ありがとうございます。お手続きは不要です。」（ご入金日 ${japaneseDay(screen.onDay)}）</p>`
    case 'menu':
      return html`${screen.answer && html`<p>これまでのご回答：${answered(screen.answer)}（受付番号 ${screen.answer.receiptNumber.replace(/^(\d{3})(\d{3})(\d{3})$/, '$1-$2-$3')}）</p>`}
<p>選べるもの：</p><ul>${buttons(screen).map((words) => html`<li>${words}</li>`)}</ul>`
  }
}

const answered = ({ kind, promisedDay }: NonNullable<Extract<ScreenNow, { kind: 'menu' }>['answer']>): string => {
  switch (kind) {
    case 'promise':
      return `お支払いのご予定 ${promisedDay === null ? '' : `${japaneseDay(promisedDay)}まで`}`
    case 'already-paid':
      return 'お支払い済み'
    case 'consultation':
      return 'ご相談'
  }
}

const buttons = ({ offer }: Extract<ScreenNow, { kind: 'menu' }>): readonly string[] => {
  switch (offer.kind) {
    case 'on-hold':
      return ['ご相談', 'お支払い金額を確認', 'お問い合わせ先・注意事項等を表示']
    case 'only-consultation':
      return ['すでにお支払い済み', 'お支払いが難しい（ご相談）', ...always]
    case 'days':
      return [
        'すでにお支払い済み',
        ...offer.choices.map(
          ({ name, day }) => `${name ?? ''}${name === null ? '' : 'まで'}にお支払い（${japaneseDay(day)}まで）`,
        ),
        'お支払いが難しい（ご相談）',
        ...always,
      ]
  }
}

const always = ['お支払い金額を確認', 'お振込み口座を表示', 'お問い合わせ先・注意事項等を表示']
