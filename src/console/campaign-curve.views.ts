import type { DeliveryCurve } from '#messages'
import { type Html, html } from '#platform/html/html'
import { curvePoints, japaneseDayShort, timeShort } from './campaign-curve.rules.ts'
import { formatCount } from './list.views.ts'

const [width, height, left, right, top, bottom] = [470, 180, 20, 460, 15, 150]

/** How many had left and had arrived by when: two lines with their numbers, and the table they are drawn from. */
export const curveChart = (curve: DeliveryCurve): Html => {
  const points = curvePoints(curve)
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return html`<p>まだ送信されていません。</p>`
  const max = Math.max(last.sent, last.delivered, 1)
  const began = first.minute.getTime()
  const span = endOf(last).getTime() - began
  const x = (at: Date) => left + ((at.getTime() - began) / span) * (right - left)
  const y = (count: number) => bottom - (count / max) * (bottom - top)
  const line = (of: 'sent' | 'delivered') =>
    points.map((at) => `${x(endOf(at)).toFixed(1)},${y(at[of]).toFixed(1)}`).join(' ')
  const isOneDay = japaneseDayShort(first.minute) === japaneseDayShort(endOf(last))
  const label = (at: Date) => `${isOneDay ? '' : `${japaneseDayShort(at)} `}${timeShort(at)}`
  return html`<svg class="curve" viewBox="0 0 ${width} ${height}" role="img" aria-label="送信${formatCount(last.sent)}件のうち、${label(endOf(last))}までに${formatCount(last.delivered)}件が到達">
<line class="axis" x1="${left}" y1="${bottom}" x2="${right}" y2="${bottom}"></line>
<polyline class="of-sent" points="${left},${bottom} ${line('sent')}"></polyline>
<polyline class="of-delivered" points="${left},${bottom} ${line('delivered')}"></polyline>
<text x="${left}" y="${bottom + 20}">${label(first.minute)}</text>
<text x="${right}" y="${bottom + 20}" text-anchor="end">${label(endOf(last))}</text>
<text x="${right}" y="${Math.max(y(last.delivered) + 16, 30).toFixed(1)}" text-anchor="end">到達 ${formatCount(last.delivered)}</text>
</svg>
<p class="legend soft"><span class="key"></span>到達　<span class="key of-sent"></span>送信</p>
<details><summary>表で見る</summary><table><caption class="unseen">到達の推移</caption><thead><tr><th scope="col">時刻まで</th><th scope="col" class="n">送信</th><th scope="col" class="n">到達</th></tr></thead>
<tbody>${points.map((at) => html`<tr><th scope="row">${label(endOf(at))}</th><td class="n">${formatCount(at.sent)}</td><td class="n">${formatCount(at.delivered)}</td></tr>`)}</tbody></table></details>`
}

/** A point tells what had been by the end of its minute. */
const endOf = ({ minute }: DeliveryCurve[number]): Date => new Date(minute.getTime() + 60_000)
