import type { DeliveryCurve } from '#messages'
import { dayInJst, dayOfMonthOf, monthOf, timeInJst } from '#values/day'

/** As many as a line of this width shows, and a table that somebody reads. */
const pointsMax = 24

/** A curve with few points, the last among them: as they are cumulative, leaving some out changes no other. */
export const curvePoints = (curve: DeliveryCurve): DeliveryCurve => {
  if (curve.length <= pointsMax) return curve
  const step = (curve.length - 1) / (pointsMax - 1)
  return Array.from({ length: pointsMax }, (_, n) => curve[Math.round(n * step)]).flatMap((point) => point ?? [])
}

export const timeShort = (at: Date): string => {
  const { hour, minute } = timeInJst(at)
  return `${hour}:${String(minute).padStart(2, '0')}`
}

export const japaneseDayShort = (at: Date): string => {
  const day = dayInJst(at)
  return `${monthOf(day)}/${dayOfMonthOf(day)}`
}
