import { sql } from 'kysely'
import type { Database } from '#platform/database/database'
import { Fault } from '#platform/fault'
import type { HolidayCalendar } from '#values/business-day'
import { addBankDays } from '#values/business-day'
import { dayInJst, instantOfJst } from '#values/day'
import type { Clock } from './clock.ts'

/** A clock that runs at real speed and can be moved forward; its offset lives in the database of the demo. */
export type DemoClock = Clock & {
  /** Moves the clock. Fault `clock-backwards` when `to` is before now. */
  set(to: Date): Promise<void>
  /** Writes down how far the clock has come, so that a restart never goes back behind it. */
  remember(): Promise<void>
  /** Reads an offset that another process has set. */
  follow(): Promise<void>
}

export const firstMoment = (machineNow: Date, holidays: HolidayCalendar): Date =>
  instantOfJst(addBankDays(dayInJst(machineNow), 1, holidays), 10)

/** Makes this database a demo's: 10:00 on the next business day when it is empty, else where the clock had come to. */
export const startDemoClock = async (
  db: Database,
  { holidays, siteAddress, machine }: { holidays: HolidayCalendar; siteAddress: string; machine: Clock },
): Promise<DemoClock> => {
  const offset = firstMoment(machine.now(), holidays).getTime() - machine.now().getTime()
  const started = machine.now()
  await sql`
    insert into demo (clock_offset_ms, last_now, site_address)
    values (${offset}, ${new Date(started.getTime() + offset)}, ${siteAddress})
    on conflict (one) do update set
      site_address = excluded.site_address,
      -- A machine whose clock went back does not take the demo with it.
      clock_offset_ms = greatest(demo.clock_offset_ms,
        (extract(epoch from demo.last_now) * 1000)::bigint - ${started.getTime()}::bigint)`.execute(db)
  return runDemoClock(db, machine)
}

/** The clock of a database that is a demo's, and the address of its site; undefined for any other database. */
export const findDemo = async (
  db: Database,
  machine: Clock,
): Promise<{ readonly clock: DemoClock; readonly siteAddress: string } | undefined> => {
  const { rows } = await sql<{ site_address: string }>`select site_address from demo`.execute(db)
  const siteAddress = rows[0]?.site_address
  return siteAddress === undefined ? undefined : { clock: await runDemoClock(db, machine), siteAddress }
}

const runDemoClock = async (db: Database, machine: Clock): Promise<DemoClock> => {
  let offsetMs = await readOffset(db)
  const now = () => new Date(machine.now().getTime() + offsetMs)
  return {
    now,
    async set(to) {
      if (to < now()) throw new Fault('clock-backwards', 'The clock only goes forward.')
      offsetMs = to.getTime() - machine.now().getTime()
      await sql`update demo set clock_offset_ms = ${offsetMs}, last_now = ${to}`.execute(db)
    },
    async remember() {
      await sql`update demo set last_now = greatest(last_now, ${now()})`.execute(db)
    },
    async follow() {
      offsetMs = await readOffset(db)
    },
  }
}

const readOffset = async (db: Database): Promise<number> => {
  const { rows } = await sql<{ clock_offset_ms: number }>`select clock_offset_ms from demo`.execute(db)
  const offsetMs = rows[0]?.clock_offset_ms
  if (offsetMs === undefined) throw new Fault('demo-missing', 'This database is not a demo.')
  return offsetMs
}
