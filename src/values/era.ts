export type EraName = '令和' | '平成' | '昭和' | '大正'

export type EraYear = { readonly name: EraName; readonly year: number }

type Era = { readonly name: EraName; readonly letter: string; readonly from: string; readonly lastYear: number }

/** First days as proclaimed. 令和 goes on; its last year is only the end of two digits. */
const eras: readonly Era[] = [
  { name: '令和', letter: 'R', from: '2019-05-01', lastYear: 99 },
  { name: '平成', letter: 'H', from: '1989-01-08', lastYear: 31 },
  { name: '昭和', letter: 'S', from: '1926-12-25', lastYear: 64 },
  { name: '大正', letter: 'T', from: '1912-07-30', lastYear: 15 },
]

/** Era and year of a 'YYYY-MM-DD' since 大正; undefined before. Plain text, for days are built upon eras. */
export function eraYearOf(day: string): EraYear | undefined {
  const era = eras.find(({ from }) => day >= from)
  return era && { name: era.name, year: Number(day.slice(0, 4)) - firstYear(era) + 1 }
}

/** The era of '平成', '平' or 'H' (either case). */
export function eraNamed(text: string): EraName | undefined {
  return eras.find(({ name, letter }) => [name, name.slice(0, 1), letter].includes(text.toUpperCase()))?.name
}

/**
 * The western year of an era's year; undefined when the era had no such year. Whether the day lies within the era is
 * not asked: people born on 1989-01-05 write 平成1年 as well as 昭和64年, and both mean 1989.
 */
export function yearOfEra(name: EraName, year: number): number | undefined {
  const era = eras.find((each) => each.name === name)
  if (!era || !Number.isInteger(year) || year < 1 || year > era.lastYear) return undefined
  return firstYear(era) + year - 1
}

/** The western years that a year may mean whose era is not named, the latest first. */
export function yearsOfUnnamedEra(year: number): readonly number[] {
  return eras.flatMap(({ name }) => yearOfEra(name, year) ?? [])
}

function firstYear(era: Era): number {
  return Number(era.from.slice(0, 4))
}
