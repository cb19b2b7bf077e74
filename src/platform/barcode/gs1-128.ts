// The package's named export `raw` is the encoder of a symbology called raw; the function that gives bars is the default's.
import bwip from 'bwip-js/generic'
import { assert } from '#values/assert'

/** Bars and spaces in modules, a bar first: Code 128 set C with FNC1 before the application identifier. */
export function gs1Bars(applicationIdentifier: string, data: string): readonly number[] {
  const [symbol] = bwip.raw({ bcid: 'gs1-128', text: `(${applicationIdentifier})${data}` })
  assert(symbol !== undefined && 'sbs' in symbol, 'a linear symbol is bars and spaces')
  return symbol.sbs
}

/** GS1 General Specifications, 5.4.3: ten modules of white on either side. */
const quietModules = 10

/**
 * The bars as SVG, one CSS pixel a module, so that a bar is a whole number of dots on every screen whose pixels are a
 * whole number of dots. Colours are fixed: a scanner needs black on white in a dark room too.
 */
export function barsSvg(bars: readonly number[], { height, label }: { height: number; label: string }): string {
  let x = quietModules
  const path = bars.map((width, index) => {
    const from = x
    x += width
    return index % 2 === 0 ? `M${from} 0h${width}v${height}h-${width}z` : ''
  })
  const width = x + quietModules
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="barcode" role="img" aria-label="${label}" `,
    `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" shape-rendering="crispEdges">`,
    `<path fill="#fff" d="M0 0h${width}v${height}H0z"/><path fill="#000" d="${path.join('')}"/></svg>`,
  ].join('')
}
