import type { Policies } from '#creditor'
import { addDays, dayInJst, instantOfJst } from '#values/day'

/** What has been counted for what was typed, as of now. */
export type Standing = {
  /** Codes made for this identity today. */
  readonly codesToday: number
  /** Code SMS asked for at this phone today. */
  readonly smsToday: number
  /** Wrong codes for this person today. */
  readonly wrongToday: number
  /** Wrong codes for this person since the last right one, by the start of their day, within the window. */
  readonly wrongRun: readonly CountedDay[]
}

export type CountedDay = { readonly dayStart: Date; readonly count: number }

/** Wrong codes without a success are remembered this long. */
export const wrongRunDays = 30

/** When a person who may not try any code now may do so again; undefined when they may. */
export function codeLockEnd(standing: Standing, { code }: Policies, now: Date): Date | undefined {
  const dayLock = standing.wrongToday >= code.wrongPerDay ? nextDayStart(now) : undefined
  const runLock = wrongRunEnd(standing.wrongRun, code.wrongIn30Days)
  return latest(dayLock, runLock)
}

/** The same while a try that is being made is already in the counts: it may be the last one allowed. */
export function isBeyondCodeLimits(standing: Standing, { code }: Policies): boolean {
  return standing.wrongToday > code.wrongPerDay || total(standing.wrongRun) > code.wrongIn30Days
}

/** The wrong codes that are left before a person is locked out. */
export function wrongCodesLeft(standing: Standing, { code }: Policies): number {
  return Math.max(0, Math.min(code.wrongPerDay - standing.wrongToday, code.wrongIn30Days - total(standing.wrongRun)))
}

/** Identity forms are counted before they are looked at. */
export function identityLockEnd(
  tries: { readonly ofPhoneAndClient: number; readonly ofPhone: number },
  { identity }: Policies,
  now: Date,
): Date | undefined {
  const isBeyond =
    tries.ofPhoneAndClient > identity.triesPerDayPerPhoneAndClient || tries.ofPhone > identity.triesPerDayPerPhone
  return isBeyond ? nextDayStart(now) : undefined
}

export function dayStart(now: Date): Date {
  return instantOfJst(dayInJst(now), 0)
}

export function nextDayStart(now: Date): Date {
  return instantOfJst(addDays(dayInJst(now), 1), 0)
}

/** The first day that still counts: 30 days with today among them. */
export function wrongRunStart(now: Date): Date {
  return instantOfJst(addDays(dayInJst(now), 1 - wrongRunDays), 0)
}

export function latest(a: Date | undefined, b: Date | undefined): Date | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a > b ? a : b
}

/** The run is short enough again when its oldest days have left the window. */
function wrongRunEnd(run: readonly CountedDay[], max: number): Date | undefined {
  let left = total(run)
  if (left < max) return undefined
  const oldestFirst = [...run].sort((a, b) => a.dayStart.getTime() - b.dayStart.getTime())
  for (const { dayStart, count } of oldestFirst) {
    left -= count
    if (left < max) return instantOfJst(addDays(dayInJst(dayStart), wrongRunDays), 0)
  }
  return undefined
}

function total(run: readonly CountedDay[]): number {
  return run.reduce((sum, { count }) => sum + count, 0)
}
