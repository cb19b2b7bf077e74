import { verifyAudit } from '#audit'
import { sql } from '#platform/database/database'
import { Fault } from '#platform/fault'
import { toRfc3339Jst } from '#values/day'
import { planGateways } from '../gateways.ts'
import type { Settings } from '../settings.ts'
import { table, terminal } from '../terminal.ts'
import { auditSealKey } from '../work.ts'
import { openWorld, type World } from '../world.ts'

type Finding = { readonly what: string; readonly isFine: boolean; readonly found: string }

/** The oldest PostgreSQL that the tests run on. */
const postgresOldest = 150_000

/** Looks at everything a deployment needs, and says what it found; 1 when something is wrong. */
export const doctorCommand = async (settings: Settings, { json }: { readonly json?: boolean }): Promise<number> => {
  const findings = await examine(settings)
  if (json) terminal.json(findings)
  else terminal.data(table(findings.map(({ what, isFine, found }) => [isFine ? 'ok' : 'WRONG', what, found])))
  return findings.every(({ isFine }) => isFine) ? 0 : 1
}

const examine = async (settings: Settings): Promise<readonly Finding[]> => {
  let world: World
  try {
    world = await openWorld(settings)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return [{ what: error.code, isFine: false, found: error.message }]
  }
  try {
    return [
      { what: 'keys, creditor’s file and texts', isFine: true, found: settings.creditorFile },
      await postgres(world),
      await durability(world),
      await servingRole(world),
      await audit(world),
      clock(world),
      await carrier(world),
    ]
  } finally {
    await world.close()
  }
}

const postgres = async ({ db, settings }: World): Promise<Finding> => {
  const version = Number(await setting(db, 'server_version_num'))
  const place = settings.database === undefined ? `embedded in ${settings.dataDir}` : 'by DATABASE_URL'
  return {
    what: 'PostgreSQL 15 or newer, migrated',
    isFine: version >= postgresOldest,
    found: `${await setting(db, 'server_version')}, ${place}`,
  }
}

const durability = async ({ db }: World): Promise<Finding> => {
  const names = ['fsync', 'full_page_writes', 'synchronous_commit']
  const values = await Promise.all(names.map((name) => setting(db, name)))
  return {
    what: 'commits survive a power cut',
    isFine: values.every((value) => value !== 'off'),
    found: names.map((name, index) => `${name}=${values[index]}`).join(' '),
  }
}

const servingRole = async ({ db }: World): Promise<Finding> => {
  const { rows } = await sql<{ role: string; mayChange: boolean }>`
    select current_user as role, has_table_privilege('audit_lines', 'update, delete') as "mayChange"`.execute(db)
  const [row] = rows
  return {
    what: 'the serving role cannot touch audit lines',
    isFine: row?.mayChange === false,
    found:
      row?.mayChange === false
        ? row.role
        : `${row?.role}: give the program DATABASE_URL and DATABASE_OWNER_URL of two roles`,
  }
}

const audit = async (world: World): Promise<Finding> => {
  const verdict = await verifyAudit(world.db, auditSealKey(world))
  return {
    what: 'audit chain',
    isFine: verdict.kind === 'intact',
    found:
      verdict.kind === 'intact' ? `${verdict.lines} lines sealed` : `broken at ${verdict.position}: ${verdict.because}`,
  }
}

const clock = ({ clock, demoClock }: World): Finding => ({
  what: 'clock',
  isFine: true,
  found: `${toRfc3339Jst(clock.now())}${demoClock ? ' (the demo’s)' : ''}`,
})

const carrier = async (world: World): Promise<Finding> => {
  const what = 'carriers'
  if (world.demoClock) return { what, isFine: true, found: 'the demo’s simulator' }
  try {
    const { gateways } = await planGateways(world)
    const found = gateways.map(({ name, binds, ratePerSecond }) => `${name} (${binds} × bind, ${ratePerSecond}/s)`)
    return { what, isFine: true, found: found.join(', ') }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { what, isFine: false, found: error.message }
  }
}

const setting = async (db: World['db'], name: string): Promise<string> => {
  const { rows } = await sql<{ value: string }>`select current_setting(${name}) as value`.execute(db)
  return rows[0]?.value ?? ''
}
