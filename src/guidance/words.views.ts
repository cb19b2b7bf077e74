import { type Html, html } from '#platform/html/html'
import { type Day, dayInJst, japaneseDay, japaneseDayWithEra, japaneseTime } from '#values/day'
import { formatYen, type Yen } from '#values/yen'

/** 11月24日（火）, read aloud as 火曜日. */
export const dayWords = (day: Day): Html =>
  html`<time datetime="${day}">${japaneseDay(day).slice(0, -1)}<span class="weekday"></span>）</time>`

/** 2026年（令和8年）11月24日, for what is kept. */
export const fullDayWords = (day: Day): Html => {
  const [, year = '', rest = ''] = /^(.*年.*?）?)(\d+月.*)$/.exec(japaneseDayWithEra(day)) ?? []
  return html`<span class="part">${year}</span><span class="part">${rest}</span>`
}

export const yenWords = (amount: Yen): Html => html`<span class="yen">${formatYen(amount)}</span>`

/** 15時42分, with its day when that is not today. */
export const timeWords = (instant: Date, now: Date): Html => {
  const day = dayInJst(instant)
  return html`${day !== dayInJst(now) && dayWords(day)}<span class="whole">${japaneseTime(instant)}</span>`
}

/** Read aloud on the phone, three digits at a time. */
export const receiptWords = (number: string): Html =>
  html`受付番号 <span class="whole">${number.replace(/^(\d{3})(\d{3})(\d{3})$/, '$1-$2-$3')}</span>`

/** −3,000円, read aloud as what it is. */
export const lessWords = (amount: Yen): Html =>
  html`<span class="yen"><span aria-hidden="true">−</span><span class="unseen">マイナス</span>${formatYen(amount)}</span>`

/** Where the creditor has not told us: the customer's own paper has it. */
export const atTheContract = html`<small>ご契約時の書面をご確認ください</small>`
