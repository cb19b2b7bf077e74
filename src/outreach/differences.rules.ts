/** What a second person compares a campaign by. */
export type Compared = {
  readonly target: number
  readonly planned: number
  readonly text: string
  readonly rulesVersion: string
  readonly exclusions: Readonly<Record<string, number>>
}

export type CountDifference = { readonly before: number; readonly now: number }

export type Differences = {
  readonly target: CountDifference
  readonly planned: CountDifference
  readonly isTextSame: boolean
  readonly areRulesSame: boolean
  /** By reason, those of either campaign; the greatest change first. */
  readonly exclusions: readonly (CountDifference & { readonly because: string })[]
}

/** How a campaign differs from the one before it. */
export const differencesOf = (before: Compared, now: Compared): Differences => ({
  target: { before: before.target, now: now.target },
  planned: { before: before.planned, now: now.planned },
  isTextSame: before.text === now.text,
  areRulesSame: before.rulesVersion === now.rulesVersion,
  exclusions: [...new Set([...Object.keys(before.exclusions), ...Object.keys(now.exclusions)])]
    .map((because) => ({ because, before: before.exclusions[because] ?? 0, now: now.exclusions[because] ?? 0 }))
    .sort((a, b) => change(b) - change(a) || b.now - a.now || (a.because < b.because ? -1 : 1)),
})

const change = ({ before, now }: CountDifference): number => Math.abs(now - before)
