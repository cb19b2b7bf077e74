import { barsSvg, gs1Bars } from '#platform/barcode/gs1-128'
import { type Html, raw } from '#platform/html/html'

/** The bars of a slip's 44 digits; the digits themselves stand in the page, where a screen reader finds them. */
export const slipSvg = (barcode: string): Html =>
  raw(barsSvg(gs1Bars(barcode.slice(0, 2), barcode.slice(2)), { height: barHeight, label: 'バーコード' }))

/** At least 10 mm is asked for; half as much again, since a phone is held at a slant. */
const barHeight = 100
