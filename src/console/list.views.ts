import { type Html, type HtmlPart, html } from '#platform/html/html'
import { type Day, dayInJst, dayOfMonthOf, japaneseDay, monthOf, timeInJst, yearOf } from '#values/day'
import { formatYen, yen } from '#values/yen'
import type { MaskedCustomer } from './masked-customers.ts'
import { urls } from './urls.ts'

/** What every list of the console is made of. */

export type Tab = { readonly label: string; readonly href: string; readonly isHere: boolean }

export const tabs = (label: string, all: readonly Tab[]): Html =>
  html`<nav class="tabs" aria-label="${label}">${all.map(
    (tab) => html`<a href="${tab.href}"${tab.isHere && html` class="here" aria-current="page"`}>${tab.label}</a>`,
  )}</nav>`

export type Choice = { readonly value: string; readonly label: string }

/** A filter that is sent with the others by 絞り込む. */
export const choiceFilter = (
  name: string,
  label: string,
  choices: readonly Choice[],
  chosen: string | undefined,
): Html =>
  html`<div><label for="${name}">${label}</label><br><select id="${name}" name="${name}"><option value="">すべて</option>${choices.map(
    ({ value, label }) => html`<option value="${value}"${value === chosen && html` selected`}>${label}</option>`,
  )}</select></div>`

export const dayFilter = (name: string, label: string, chosen: Day): Html =>
  html`<div><label for="${name}">${label}</label><br><input type="date" id="${name}" name="${name}" value="${chosen}"></div>`

/** Filters stand in the address, so that a list can be kept, sent on and gone back to. */
export const filters = (
  action: string,
  fields: HtmlPart,
  kept: Readonly<Record<string, string | undefined>> = {},
): Html =>
  html`<form method="get" action="${action}" class="filters">${Object.entries(kept).map(
    ([name, value]) => value !== undefined && html`<input type="hidden" name="${name}" value="${value}">`,
  )}${fields}<button class="button quiet">絞り込む</button></form>`

/** An address with those of its fields that say something. */
export const addressOf = (path: string, fields: Readonly<Record<string, string | undefined>>): string => {
  const said = Object.entries(fields).flatMap(([name, value]) => (value ? [[name, value]] : []))
  return said.length === 0 ? path : `${path}?${new URLSearchParams(said as [string, string][])}`
}

export const listTable = (
  caption: string,
  columns: readonly (string | { readonly label: string; readonly isNumber: true })[],
  rows: readonly Html[],
): Html => html`<div class="card scroll" tabindex="0" role="group" aria-label="${caption}"><table data-results><caption class="unseen">${caption}</caption>
<thead><tr>${columns.map((column) =>
  typeof column === 'string'
    ? html`<th scope="col">${column}</th>`
    : html`<th scope="col" class="n">${column.label}</th>`,
)}</tr></thead>
<tbody>${rows}</tbody></table></div>`

export const emptyList = (words: string): Html => html`<div class="card"><p>${words}</p></div>`

/** Lists only go on: whoever wants the beginning again presses its link. */
export const pager = (next: string | undefined, first: string | undefined): Html | undefined =>
  next === undefined && first === undefined
    ? undefined
    : html`<p class="pager">${first && html`<a class="button quiet" href="${first}">先頭に戻る</a> `}${next && html`<a class="button quiet" href="${next}" rel="next">次の${rowsShown}件</a>`}</p>`

/** As many as one looks through. */
export const rowsShown = 50

export const customerCell = (customer: MaskedCustomer | undefined, customerId: string): Html =>
  html`<a href="${urls.case(customerId)}" data-result>${customer?.name ?? 'お客様'}</a> <small class="whole">${customer?.number}</small>`

/** '11月24日 10:07', with the year when it is another. */
export const instantCell = (instant: Date, now: Date): Html => {
  const day = dayInJst(instant)
  return html`<time datetime="${instant.toISOString()}">${yearWords(day, now)}${monthOf(day)}月${dayOfMonthOf(day)}日 ${clockWords(instant)}</time>`
}

export const dayCell = (day: Day, now: Date): Html =>
  html`<time datetime="${day}">${yearWords(day, now)}${japaneseDay(day)}</time>`

export const yenCell = (amount: number): Html => html`<td class="n">${formatYen(yen(amount))}</td>`

/** 「10:42 現在」: numbers say of when they are. */
export const asOf = (now: Date): Html =>
  html`<small><time datetime="${now.toISOString()}">${monthOf(dayInJst(now))}月${dayOfMonthOf(dayInJst(now))}日 ${clockWords(now)}</time> 現在</small>`

/** A count that stops somewhere says so. */
export const countWords = (count: number, max: number): string =>
  `${formatCount(Math.min(count, max))}${count >= max ? '件以上' : '件'}`

export const formatCount = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',')

export const receiptCell = (number: string | undefined): string =>
  number?.replace(/^(\d{3})(\d{3})(\d{3})$/, '$1-$2-$3') ?? ''

const yearWords = (day: Day, now: Date): string => (yearOf(day) === yearOf(dayInJst(now)) ? '' : `${yearOf(day)}年`)

const clockWords = (instant: Date): string => {
  const { hour, minute } = timeInJst(instant)
  return `${hour}:${String(minute).padStart(2, '0')}`
}
