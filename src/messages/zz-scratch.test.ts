import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, test } from 'vitest'
import { sql } from '#platform/database/database'
import { type TestDatabase, testDatabase } from '../../test/database.ts'

let base: TestDatabase
const n = Number(process.env.N ?? 200000)
const id = '019ab0c2-0000-7000-8000-000000000001'
beforeAll(async () => {
  base = await testDatabase()
  const db = base.ownerDb
  await sql`select keep_message_months('2026-11-24T00:00:00Z')`.execute(db)
  await sql`insert into campaigns values (${id}, '2026-11-24T01:00:00Z', 'x', 't', '1', ${n}, ${n}, 0, '2026-11-24T01:00:00Z', 'x')`.execute(
    db,
  )
  await sql`insert into messages (customer_id, id, class, case_id, campaign_id, queue_id, position, phone_value, sender, reference, part_count, queued_at)
    select gen_random_uuid(), overlay(first_id_at('2026-11-24T01:00:00Z'::timestamptz)::text placing lpad(to_hex(i), 12, '0') from 25 for 12)::uuid, 'notice', gen_random_uuid(), ${id}, ${id}, i, decode(lpad(to_hex(i), 64, '0'), 'hex'), '0570', i % 65536, 1, '2026-11-24T01:00:00Z'
    from generate_series(1, ${n}::int) i`.execute(db)
  for (const [state, max] of [
    ['sending', 0.9],
    ['submitted', 0.88],
    ['delivered', 0.8],
  ] as const)
    await sql`insert into message_events (message_id, customer_id, state, gateway, at)
      select id, customer_id, ${state}, 'carrier', '2026-11-24T02:00:00Z' from messages where position <= ${n * max}`.execute(
      db,
    )
  await sql`insert into message_events (message_id, customer_id, state, because, at)
    select id, customer_id, case when position % 3 = 0 then 'excluded' else 'deferred' end, 'hours', '2026-11-24T02:00:00Z' from messages where position > ${n * 0.95}`.execute(
    db,
  )
  await sql`vacuum analyze messages`.execute(db)
  await sql`vacuum analyze message_events`.execute(db)
}, 300_000)
afterAll(() => base.drop())
test('explain', async () => {
  for (const text of readFileSync('/tmp/scratch/queries.sql', 'utf8').split('-- next\n')) {
    const started = performance.now()
    const { rows } = await sql<
      Record<string, string>
    >`${sql.raw(`explain (analyze, buffers off) ${text.replaceAll('$1', `'${id}'`)}`)}`.execute(base.db)
    process.stdout.write(
      `${(performance.now() - started).toFixed(0)} ms\n${rows.map((r) => Object.values(r)[0]).join('\n')}\n\n`,
    )
    const result = await sql`${sql.raw(text.replaceAll('$1', `'${id}'`))}`.execute(base.db)
    process.stdout.write(`${JSON.stringify(result.rows)}\n\n`)
  }
}, 600_000)
