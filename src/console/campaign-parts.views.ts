import type { Campaign, CampaignState, RequestEnd } from '#outreach'
import { type Html, html } from '#platform/html/html'
import { doneOf, personWords, reasonWords, refusalOf, stateWords, voidWords } from './campaign-words.ts'
import { errorSummary } from './form.views.ts'
import { formatCount, instantCell } from './list.views.ts'
import { urls } from './urls.ts'

/** What several of the campaign's pages show. */

export type Names = ReadonlyMap<string, string>

/** An exclusion's reason, how many, and what it rests on. */
export type ExclusionRow = { readonly because: string; readonly count: number; readonly basis: string | null }

/** A campaign is called by when it was planned; there is nothing else to tell two of a day apart by. */
export const campaignTitle = ({ plannedAt }: Pick<Campaign, 'plannedAt'>, now: Date): Html =>
  html`${instantCell(plannedAt, now)} 計画の配信`

export const stateChip = (state: CampaignState, isAsked: boolean, id?: string, isSwapped = false): Html => {
  const { words, tone } = stateWords(state, { isAsked })
  return html`<span class="chip ${tone}"${id !== undefined && html` id="${id}"`}${isSwapped && html` hx-swap-oob="true"`}>${words}</span>`
}

export type Told = { readonly done?: string | undefined; readonly refused?: string | undefined }

export const hasRefusal = ({ refused }: Told): boolean => refusalOf(refused) !== undefined

/** What came of what was just sent: an error first, else what was done. */
export const toldOf = ({ done, refused }: Told): Html | undefined => {
  const refusal = refusalOf(refused)
  if (refusal?.field !== undefined) return errorSummary([{ field: refusal.field, text: refusal.words }])
  if (refusal !== undefined)
    return html`<div class="note bad" role="alert" tabindex="-1" autofocus><p>${refusal.words}</p></div>`
  const words = doneOf(done)
  return words === undefined ? undefined : html`<div class="note good" role="status"><p>${words}</p></div>`
}

export const exclusionTable = (
  campaignId: string,
  rows: readonly ExclusionRow[],
  { caption, maySeeCases }: { readonly caption: string; readonly maySeeCases: boolean },
): Html =>
  rows.length === 0
    ? html`<p>除外された方はいません。</p>`
    : html`<table><caption class="unseen">${caption}</caption><thead><tr><th scope="col">理由</th><th scope="col">根拠</th><th scope="col" class="n">件数</th>${maySeeCases && html`<th scope="col"><span class="unseen">一覧</span></th>`}</tr></thead>
<tbody>${rows.map(
        ({ because, count, basis }) =>
          html`<tr><th scope="row">${reasonWords(because)}</th><td>${basis}</td><td class="n">${formatCount(count)}</td>${
            maySeeCases &&
            html`<td><a href="${urls.campaignExcluded(campaignId)}?${String(new URLSearchParams({ because }))}">一覧<span class="unseen">：${reasonWords(because)}</span></a></td>`
          }</tr>`,
      )}</tbody></table>`

/** How the last request for approval ended. */
export const lastEnd = (end: RequestEnd | undefined, names: Names, now: Date): Html | undefined => {
  if (end === undefined) return undefined
  const who = personWords(end.endedBy, names)
  switch (end.how) {
    case 'returned':
      return html`<div class="note warn"><p><b>差し戻されました</b>（${instantCell(end.endedAt, now)} ${who}）</p><p>${end.because}</p></div>`
    case 'voided':
      return html`<div class="note warn"><p><b>前の承認依頼は無効になりました</b>（${instantCell(end.endedAt, now)}）</p><p>${voidWords(end.because)}</p></div>`
    case 'withdrawn':
      return html`<p class="soft">承認依頼は取り下げられました（${instantCell(end.endedAt, now)} ${who}）。</p>`
    case 'approved':
      return undefined
  }
}
