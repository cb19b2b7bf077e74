/** How many, and how many yen. */
export type Sum = { readonly count: number; readonly amount: number }

export const noSum: Sum = { count: 0, amount: 0 }

export const addSums = (...sums: readonly Sum[]): Sum =>
  sums.reduce((total, { count, amount }) => ({ count: total.count + count, amount: total.amount + amount }), noSum)
