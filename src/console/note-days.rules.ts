import { addDays, type Day, dayOf, dayOfMonthOf, monthOf, weekday, yearOf } from '#values/day'

/** A day that somebody wrote into a note, and the words it stands in. */
export type NotedDay = { readonly day: Day; readonly words: string }

export type Contradiction = NotedDay & { readonly promisedDay: Day }

/**
 * The days of a note that are not the promised one. A note of what was said before the promise contradicts nothing, and
 * neither does a day that was over when the note was written.
 */
export const contradictions = (
  note: { readonly text: string; readonly writtenOn: Day },
  promise: { readonly day: Day; readonly promisedOn: Day } | undefined,
): readonly Contradiction[] => {
  if (promise === undefined || note.writtenOn < promise.promisedOn) return []
  return notedDays(note.text, note.writtenOn)
    .filter(({ day }) => day !== promise.day && day >= note.writtenOn)
    .map((noted) => ({ ...noted, promisedDay: promise.day }))
}

/** Every day that a note names, in whatever way: 11月27日, 11/27, 27日, 明日, 金曜. Numbers are read in any width. */
export const notedDays = (text: string, writtenOn: Day): readonly NotedDay[] => {
  const plain = text.normalize('NFKC')
  const found = patterns.flatMap(({ pattern, read }) =>
    [...plain.matchAll(pattern)].flatMap((match) => {
      const day = read(match, writtenOn)
      return day === undefined ? [] : [{ at: match.index, end: match.index + match[0].length, day, words: match[0] }]
    }),
  )
  const longestFirst = found.toSorted((a, b) => b.end - b.at - (a.end - a.at))
  const kept: typeof found = []
  for (const one of longestFirst) if (!kept.some((other) => one.at < other.end && other.at < one.end)) kept.push(one)
  return kept.toSorted((a, b) => a.at - b.at).map(({ day, words }) => ({ day, words }))
}

type Pattern = {
  readonly pattern: RegExp
  readonly read: (match: RegExpExecArray, writtenOn: Day) => Day | undefined
}

const patterns: readonly Pattern[] = [
  {
    pattern: /(\d{4})[年/-](\d{1,2})[月/-](\d{1,2})日?/g,
    read: ([, year, month, dayOfMonth]) => dayOf(Number(year), Number(month), Number(dayOfMonth)),
  },
  {
    pattern: /(?<![\d/])(\d{1,2})(?:月|\/)(\d{1,2})(?![\d/])日?/g,
    read: ([, month, dayOfMonth], writtenOn) => nearestMonthDay(Number(month), Number(dayOfMonth), writtenOn),
  },
  {
    // 3日前, 2日間 and 1日1回 count days and name none.
    pattern: /(?<!\d|\/|\d月)(\d{1,2})日(?![間前後\d])/g,
    read: ([, dayOfMonth], writtenOn) => nextDayOfMonth(Number(dayOfMonth), writtenOn),
  },
  { pattern: /月末/g, read: (_, writtenOn) => lastOfMonth(writtenOn) },
  { pattern: /明後日|あさって/g, read: (_, writtenOn) => addDays(writtenOn, 2) },
  { pattern: /明日|あした|あす/g, read: (_, writtenOn) => addDays(writtenOn, 1) },
  {
    pattern: /(来週の?)?([月火水木金土日])曜日?/g,
    read: ([, next, name], writtenOn) => nextWeekday(name ?? '', next !== undefined, writtenOn),
  },
]

/** 1/5 in December is next year's; 11/20 in November is this year's, though it is over. */
const nearestMonthDay = (month: number, dayOfMonth: number, near: Day): Day | undefined => {
  const year = yearOf(near) + (month < monthOf(near) - 6 ? 1 : month > monthOf(near) + 6 ? -1 : 0)
  return dayOf(year, month, dayOfMonth)
}

/** 25日 on the 24th is tomorrow, on the 26th it is in the next month. */
const nextDayOfMonth = (dayOfMonth: number, from: Day): Day | undefined => {
  const isLater = dayOfMonth < dayOfMonthOf(from)
  const [year, month] = [yearOf(from), monthOf(from) + (isLater ? 1 : 0)]
  return month > 12 ? dayOf(year + 1, 1, dayOfMonth) : dayOf(year, month, dayOfMonth)
}

const lastOfMonth = (of: Day): Day | undefined => {
  const next = monthOf(of) === 12 ? dayOf(yearOf(of) + 1, 1, 1) : dayOf(yearOf(of), monthOf(of) + 1, 1)
  return next && addDays(next, -1)
}

/** 金曜 is the next one from tomorrow on; 来週の金曜 the one of the week that begins on Monday. */
const nextWeekday = (name: string, isNextWeek: boolean, from: Day): Day => {
  const wanted = '日月火水木金土'.indexOf(name)
  if (!isNextWeek) return addDays(from, ((wanted - weekday(from) + 6) % 7) + 1)
  const monday = addDays(from, ((1 - weekday(from) + 6) % 7) + 1)
  return addDays(monday, (wanted + 6) % 7)
}
