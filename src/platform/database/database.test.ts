import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import {
  copyFrom,
  copyTo,
  inRawTransaction,
  inTransaction,
  openDatabase,
  tryHoldLock,
  violatedConstraint,
  withAdvisoryLock,
} from './database.ts'

let it: TestDatabase
beforeAll(async () => {
  it = await testDatabase()
  await sql`
    create table sample (id integer primary key, name text not null unique, due date);
    grant all on sample to ${sql.id(new URL(it.url).username)}`.execute(it.ownerDb)
})
afterAll(() => it.drop())

const names = async () =>
  (await sql<{ name: string }>`select name from sample order by id`.execute(it.db)).rows.map(({ name }) => name)
const clear = () => sql`delete from sample`.execute(it.db)
const insert = (id: number, name: string) => sql`insert into sample (id, name) values (${id}, ${name})`
const fault = (code: string) => expect.objectContaining({ name: 'Fault', code })
const terminate = (pid: number) => sql`select pg_terminate_backend(${pid})`.execute(it.db)

describe('values', () => {
  test('days are strings, instants are dates, amounts are numbers, and arrays hold the same', async () => {
    const { rows } = await sql`
      select date '2026-02-28' as day, timestamptz '2026-03-01 00:00:00+09' as at, 12000::bigint as amount,
        14.6::numeric as rate, array[date '2026-12-31', null] as days, array[1, null]::bigint[] as amounts,
        '{"a": [1]}'::jsonb as facts, '\\x00ff'::bytea as bytes`.execute(it.db)
    expect(rows).toEqual([
      {
        day: '2026-02-28',
        at: new Date('2026-02-28T15:00:00Z'),
        amount: 12_000,
        rate: 14.6,
        days: ['2026-12-31', null],
        amounts: [1, null],
        facts: { a: [1] },
        bytes: Buffer.from([0, 255]),
      },
    ])
  })

  test('a number too large is a fault of its statement, streamed or not, and the connection goes on', async () => {
    const db = openDatabase(it.url, { poolMax: 1 })
    const query = sql<{ n: number }>`select 9007199254740993::bigint as n`
    await expect(query.execute(db)).rejects.toEqual(fault('database-number-unsafe'))
    await expect(
      (async () => {
        for await (const _ of db.getExecutor().stream(query.compile(db), 10));
      })(),
    ).rejects.toEqual(fault('database-number-unsafe'))
    expect((await sql<{ n: number }>`select 1::bigint as n`.execute(db)).rows).toEqual([{ n: 1 }])
    await db.destroy()
  })
})

describe('transactions', () => {
  test('what returns is committed, what throws is rolled back', async () => {
    await inTransaction(it.db, (tx) => insert(1, 'kept').execute(tx))
    await expect(
      inTransaction(it.db, async (tx) => {
        await insert(2, 'dropped').execute(tx)
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await names()).toEqual(['kept'])
    await clear()
  })

  test('a transaction whose failed statement was swallowed does not pretend to have committed', async () => {
    await expect(
      inTransaction(it.db, async (tx) => {
        await insert(1, 'lost').execute(tx)
        await sql`select 1 / 0`.execute(tx).catch(() => undefined)
      }),
    ).rejects.toThrow('after one of its statements had failed')
    expect(await names()).toEqual([])
  })

  test('the pg client of a transaction sees what the transaction wrote', async () => {
    const seen = await inRawTransaction(it.db, async ({ client, tx }) => {
      await insert(1, 'inside').execute(tx)
      return (await client.query('select name from sample')).rows
    })
    expect(seen).toEqual([{ name: 'inside' }])
    await clear()
  })

  test('a connection that breaks in a transaction is a fault, and the pool goes on', async () => {
    const db = openDatabase(it.url, { poolMax: 1 })
    const broken = inTransaction(db, async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
      await terminate(rows[0]?.pid ?? 0)
      await insert(1, 'lost').execute(tx)
    })
    await expect(broken).rejects.toEqual(fault('database-unreachable'))
    expect((await sql`select 1 as n`.execute(db)).rows).toEqual([{ n: 1 }])
    await db.destroy()
  })

  test('of two transactions that wait for each other one is told to try again', async () => {
    await insert(1, 'first').execute(it.db)
    await insert(2, 'second').execute(it.db)
    const touch = (id: number) => sql`update sample set due = '2026-01-01' where id = ${id}`
    const both = Promise.withResolvers<void>()
    let waiting = 2
    const cross = (here: number, there: number) =>
      inTransaction(it.db, async (tx) => {
        await touch(here).execute(tx)
        waiting -= 1
        if (waiting === 0) both.resolve()
        await both.promise
        await touch(there).execute(tx)
      })
    const results = await Promise.allSettled([cross(1, 2), cross(2, 1)])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(results).toContainEqual({ status: 'rejected', reason: fault('database-busy') })
    await clear()
  })
})

describe('errors', () => {
  test('a violated constraint is named, and the row that violated it is not quoted', async () => {
    await insert(1, 'アンナイ').execute(it.db)
    const error: unknown = await insert(2, 'アンナイ')
      .execute(it.db)
      .catch((reason: unknown) => reason)
    expect(violatedConstraint(error)).toBe('sample_name_key')
    expect(JSON.stringify({ ...(error as Error), message: String(error) })).not.toContain('アンナイ')
    await clear()
  })

  test('a value of the wrong kind is not quoted', async () => {
    const error = await sql`select ${'アンナイ'}::date`.execute(it.db).catch((reason: Error) => reason)
    expect(error).toMatchObject({ code: '22007' })
    expect(JSON.stringify({ ...error, message: String(error) })).not.toContain('アンナイ')
  })

  test('a database that is not there is unreachable', async () => {
    const db = openDatabase('postgres://nobody:x@127.0.0.1:1/nothing')
    await expect(sql`select 1`.execute(db)).rejects.toEqual(fault('database-unreachable'))
    await db.destroy()
  })

  test.each(['', 'localhost:5432', 'mysql://a@b/c'])('the address "%s" is refused before anything is tried', (url) => {
    expect(() => openDatabase(url)).toThrow(fault('database-url-malformed'))
  })
})

describe('COPY', () => {
  async function* rows(count: number, failAt = Number.POSITIVE_INFINITY) {
    for (let id = 1; id <= count; id += 1) {
      if (id === failAt) throw new Error('the source broke')
      yield `${id}\tname ${id}\t2026-01-01\n`
    }
  }

  test('rows go in with the transaction and come out again', async () => {
    const count = await inTransaction(it.db, (tx) => copyFrom(tx, 'copy sample from stdin', rows(2000)))
    expect(count).toBe(2000)
    const text = await copyTo(it.db, 'copy (select id, name from sample order by id) to stdout', async (bytes) => {
      const chunks: Buffer[] = []
      for await (const chunk of bytes) chunks.push(chunk as Buffer)
      return Buffer.concat(chunks).toString()
    })
    expect(text.split('\n')).toHaveLength(2001)
    expect(text.startsWith('1\tname 1\n2\tname 2\n')).toBe(true)
    await clear()
  })

  test('nothing stays when the source breaks, a row is bad, or a later statement fails', async () => {
    const db = openDatabase(it.url, { poolMax: 1 })
    const copying = (source: AsyncIterable<string>) =>
      inTransaction(db, (tx) => copyFrom(tx, 'copy sample from stdin', source))
    await expect(copying(rows(2000, 1500))).rejects.toThrow('the source broke')
    await expect(
      copying(
        (async function* bad() {
          yield* rows(10)
          yield '11\tname 1\t\\N\n'
        })(),
      ),
    ).rejects.toSatisfy((error) => violatedConstraint(error) === 'sample_name_key')
    await expect(
      inTransaction(db, async (tx) => {
        await copyFrom(tx, 'copy sample from stdin', rows(10))
        await sql`select 1 / 0`.execute(tx)
      }),
    ).rejects.toMatchObject({ code: '22012' })
    expect(await names()).toEqual([])
    await db.destroy()
  })

  test('a connection that breaks while rows go in is a fault', async () => {
    const db = openDatabase(it.url, { poolMax: 1 })
    const { rows: pids } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)
    const source = (async function* endless() {
      yield* rows(500)
      await terminate(pids[0]?.pid ?? 0)
      for (;;) yield `${'x'.repeat(10_000)}\n`
    })()
    await expect(copyFrom(db, 'copy sample from stdin', source)).rejects.toEqual(fault('database-unreachable'))
    expect((await sql`select 1 as n`.execute(db)).rows).toEqual([{ n: 1 }])
    await db.destroy()
  })

  test.each([
    [
      'throws',
      async () => {
        throw new Error('enough')
      },
    ],
    [
      'leaves the loop',
      async (bytes: AsyncIterable<unknown>) => {
        for await (const _ of bytes) break
      },
    ],
  ])('a reader who %s does not leave the connection in the middle of an answer', async (_, consume) => {
    const db = openDatabase(it.url, { poolMax: 1 })
    const endless = 'copy (select repeat(n::text, 100) from generate_series(1, 100000) n) to stdout'
    await expect(copyTo(db, endless, consume)).rejects.toThrow()
    expect((await sql`select 1 as n`.execute(db)).rows).toEqual([{ n: 1 }])
    await db.destroy()
  })

  test('an error of the server in the middle leaves the connection as it was', async () => {
    const db = openDatabase(it.url, { poolMax: 1 })
    const pid = async () => (await sql`select pg_backend_pid()`.execute(db)).rows
    const before = await pid()
    const failing = 'copy (select 1 / (50000 - n) from generate_series(1, 100000) n) to stdout'
    await expect(
      copyTo(db, failing, async (bytes) => {
        for await (const _ of bytes);
      }),
    ).rejects.toMatchObject({ code: '22012' })
    expect(await pid()).toEqual(before)
    await db.destroy()
  })

  test('a reader who takes nothing costs only time', async () => {
    expect(await copyTo(it.db, 'copy (select generate_series(1, 50000)) to stdout', async () => 'done')).toBe('done')
  })
})

describe('streams', () => {
  const numbers = sql<{ n: number }>`select n from generate_series(1, 2500) n`

  test('all rows arrive in order, and one may stop early', async () => {
    const db = openDatabase(it.url, { poolMax: 1 })
    const seen: number[] = []
    for await (const { rows } of db.getExecutor().stream<{ n: number }>(numbers.compile(db), 100)) {
      seen.push(...rows.map(({ n }) => n))
    }
    expect(seen).toEqual(Array.from({ length: 2500 }, (_, index) => index + 1))
    for await (const _ of db.getExecutor().stream(numbers.compile(db), 100)) break
    expect((await sql`select 1 as n`.execute(db)).rows).toEqual([{ n: 1 }])
    await db.destroy()
  })

  test('a connection that breaks in between is a fault', async () => {
    const db = openDatabase(it.url, { poolMax: 1 })
    const { rows: pids } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)
    const reading = (async () => {
      for await (const _ of db.getExecutor().stream(numbers.compile(db), 10)) await terminate(pids[0]?.pid ?? 0)
    })()
    await expect(reading).rejects.toEqual(fault('database-unreachable'))
    await db.destroy()
  })
})

describe('locks', () => {
  test('a held lock is held once, until it is released', async () => {
    const first = await tryHoldLock(it.db, 'sealer')
    expect(first).toBeDefined()
    expect(await tryHoldLock(it.db, 'sealer')).toBeUndefined()
    const other = await tryHoldLock(it.db, 'sweeper')
    expect(other).toBeDefined()
    await first?.release()
    const again = await tryHoldLock(it.db, 'sealer')
    expect(again).toBeDefined()
    await Promise.all([again?.release(), other?.release()])
  })

  test('who loses the connection loses the lock and hears of it', async () => {
    const held = await tryHoldLock(it.db, 'sealer')
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'annai: holds sealer'
      and datname = current_database()`.execute(it.db)
    await held?.lost
    const next = await tryHoldLock(it.db, 'sealer')
    expect(next).toBeDefined()
    await next?.release()
    await held?.release()
  })

  test('a lock in a transaction makes the others wait for its end', async () => {
    const order: string[] = []
    const entered = Promise.withResolvers<void>()
    const first = inTransaction(it.db, async (tx) => {
      await withAdvisoryLock(tx, 'one at a time')
      entered.resolve()
      await sql`select pg_sleep(0.05)`.execute(tx)
      order.push('first')
    })
    await entered.promise
    await inTransaction(it.db, async (tx) => {
      await withAdvisoryLock(tx, 'one at a time')
      order.push('second')
    })
    await first
    expect(order).toEqual(['first', 'second'])
  })
})

test('the serving role can neither alter tables nor touch audit lines nor the list of migrations', async () => {
  const refused = { code: '42501' }
  await expect(sql`alter table audit_lines add x text`.execute(it.db)).rejects.toMatchObject(refused)
  await expect(sql`create table other (id integer)`.execute(it.db)).rejects.toMatchObject(refused)
  await expect(sql`update audit_lines set act = ''`.execute(it.db)).rejects.toMatchObject(refused)
  await expect(sql`delete from audit_lines`.execute(it.db)).rejects.toMatchObject(refused)
  await expect(sql`truncate audit_lines`.execute(it.db)).rejects.toMatchObject(refused)
  await expect(sql`delete from schema_migrations`.execute(it.db)).rejects.toMatchObject(refused)
})
