import { expect, test } from 'vitest'
import { barsSvg, gs1Bars } from './gs1-128.ts'

const bars = gs1Bars('91', '912345000000000000004520875004013100295004')

test('44 digits in set C are start, FNC1, 22 pairs, check and stop', () => {
  expect(bars.reduce((all, width) => all + width, 0)).toBe((1 + 1 + 22 + 1) * 11 + 13)
  // Start C, then FNC1, as ISO/IEC 15417 draws them.
  expect(bars.slice(0, 12)).toEqual([2, 1, 1, 2, 3, 2, 4, 1, 1, 1, 3, 1])
})

test('bars are black on a white ground, with ten modules of white on either side, in whole pixels', () => {
  const svg = barsSvg([2, 1, 3], { height: 100, label: 'バーコード' })
  expect(svg).toContain('width="26" height="100" viewBox="0 0 26 100"')
  expect(svg).toContain('<path fill="#fff" d="M0 0h26v100H0z"/>')
  expect(svg).toContain('<path fill="#000" d="M10 0h2v100h-2zM13 0h3v100h-3z"/>')
  expect(svg).not.toMatch(/style=|\d\.\d/)
})
