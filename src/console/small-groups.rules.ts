/** Fewer people than this could be recognized by whoever reads a report: their numbers are not shown. */
export const groupMin = 10

/** 'few': there are some, and fewer than may be shown. */
export type Figure = number | 'few'

/** A number of people, or of what they did. Nobody is nobody's secret. */
export const shownCount = (count: number, people = count): Figure => (people > 0 && people < groupMin ? 'few' : count)

/** A share of a group. It is left out with its group, and where it would tell the size of one too small. */
export const shownShare = (part: number, whole: number): Figure | undefined => {
  if (whole === 0) return undefined
  return whole < groupMin || shownCount(part) === 'few' ? 'few' : part / whole
}

/**
 * A sum over groups. What is hidden in one of them must not follow from the sum and the others: it is only shown when
 * nothing is hidden, or enough people are together, who are then several groups.
 */
export const shownTotal = (groups: readonly { readonly count: number; readonly people: number }[]): Figure => {
  const total = groups.reduce((sum, { count }) => sum + count, 0)
  const hidden = groups.filter(({ count, people }) => shownCount(count, people) === 'few')
  const hiddenPeople = hidden.reduce((sum, { people }) => sum + people, 0)
  return hidden.length === 0 || hiddenPeople >= groupMin ? total : 'few'
}
