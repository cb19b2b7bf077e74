import { toRfc3339Jst } from '#values/day'

/** What a till has taken, as the sandbox's agent tells of it. */
export type Taken = {
  readonly kind: '速報' | '確報' | '取消'
  readonly at: Date
  readonly slipNumber: string
  readonly amount: number
}

/** The agent's file (docs/formats.md): CSV, UTF-8, CRLF. */
export const storeReport = (taken: readonly Taken[]): string =>
  [
    ['種別', '収納日時', '払込票番号', '金額', 'チェーン', '店舗'],
    ...taken.map(({ kind, at, slipNumber, amount }) => [
      kind,
      toRfc3339Jst(at),
      slipNumber,
      String(amount),
      'サンプルマート',
      'サンドボックス店',
    ]),
  ]
    .map((cells) => `${cells.join(',')}\r\n`)
    .join('')
