import { assert } from './assert.ts'

declare const yenBrand: unique symbol

/** Whole yen, never negative. */
export type Yen = number & { readonly [yenBrand]: 'Yen' }

export function yen(amount: number): Yen {
  assert(Number.isSafeInteger(amount) && amount >= 0, 'yen are whole and not negative')
  return amount as Yen
}

/** '12,345円': screen readers misread ¥. */
export function formatYen(amount: Yen): string {
  return `${String(amount).replace(/\B(?=(\d{3})+$)/g, ',')}円`
}

export function sumYen(amounts: Iterable<Yen>): Yen {
  let total = 0
  for (const amount of amounts) total += amount
  return yen(total)
}
