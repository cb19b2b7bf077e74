import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '#platform/database/database'
import { firstIdAt, newId } from '#platform/ids'
import type { Source } from '#platform/source'
import type { Day } from '#values/day'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { explaining, rowsTouched, tablesReadWhole } from '../../test/explain.ts'
import { bytesOf, debitsFile, intakeWorld, putMaster } from '../../test/intake-fixture.ts'
import {
  customersHeader,
  findImport,
  findUpload,
  type ImportKind,
  type IntakeWorld,
  importDebits,
  listFiles,
  listNotBilledAfter,
  readRejectedRows,
  readUpload,
  receiveUpload,
  takeUploads,
} from './intake.ts'
import { uploadSource, writeUpload } from './upload-chunks.store.ts'

let it: TestDatabase
let w: IntakeWorld
beforeAll(async () => {
  it = await testDatabase()
  w = await intakeWorld(it.db)
})
afterAll(() => it.drop())
beforeEach(async () => {
  await sql`truncate imports, customers, contracts, identity_index, customer_search, audit_lines, audit_unsealed,
    uploads, upload_chunks cascade`.execute(it.ownerDb)
})

const now = new Date('2026-11-25T01:00:00Z')
const received = '2026-11-25' as Day
const by = 'operator:sato' as const
const header = customersHeader.slice(0, 9).join(',')
const taro = `1001,ヤマダ,タロウ,19800102,09000001111,K1,card,0,`
const wrongRow = `1002,サトウ,ハナ,19900203,0312345678,K2,card,0,`

async function* inBits(bytes: Buffer, size = 7): AsyncIterable<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const upload = async (kind: ImportKind, fileName: string, bytes: Buffer | string, replaces?: string) => {
  const outcome = await receiveUpload(w, { kind, fileName, received, replaces, by, now }, inBits(Buffer.from(bytes)))
  if (outcome.kind !== 'received') throw new Error(outcome.kind)
  return outcome.id
}

const debits = async (rows: Parameters<typeof debitsFile>[0]) => bytesOf(debitsFile(rows).read())
const master = (...rows: readonly string[]) => `${[header, ...rows].join('\r\n')}\r\n`
const outcomeOf = async (id: string) => (await findUpload(it.db, id))?.ended?.outcome
const chunks = async () =>
  (await sql<{ part: string }>`select part from upload_chunks order by 1`.execute(it.db)).rows.map(({ part }) => part)
const acts = async () =>
  (await sql<{ act: string; actor: string }>`select act, actor from audit_lines order by id`.execute(it.db)).rows.map(
    ({ act, actor }) => `${act} ${actor}`,
  )

describe('a file that is brought', () => {
  test('is kept sealed, and reads back byte for byte however it came in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 3_000 }),
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 400 }),
        async (start, size, times) => {
          const bytes = Buffer.concat(Array.from({ length: times }, () => start))
          const id = newId(now)
          const byteCount = await writeUpload(w, id, 'file', inBits(bytes, size * 100))
          const source = uploadSource(w, { id, fileName: 'x', byteCount })
          for (let time = 0; time < 2; time++) expect((await bytesOf(source.read())).equals(bytes)).toBe(true)
        },
      ),
      { numRuns: 8 },
    )
  })

  test('a copy that lacks a piece is no shorter file', async () => {
    const id = await upload('debits', 'a.txt', Buffer.alloc(600_000, 'x'))
    const found = await findUpload(it.db, id)
    if (found === undefined) throw new Error('not kept')
    await sql`delete from upload_chunks where upload_id = ${id} and number = 2`.execute(it.db)
    await expect(bytesOf(uploadSource(w, found).read())).rejects.toMatchObject({ code: 'file-unreadable' })
  })

  test('nothing of it is readable in the database, and its name has lost its folder', async () => {
    const id = await upload('customers', 'C:\\佐藤\\master.csv', master(taro))
    const { rows } = await sql<{ sealed: Buffer }>`select sealed from upload_chunks`.execute(it.db)
    expect(rows).toHaveLength(1)
    expect(rows[0]?.sealed.includes(Buffer.from('09000001111'))).toBe(false)
    expect(await findUpload(it.db, id)).toMatchObject({ fileName: 'master.csv', tries: 0, bytesDone: 0 })
  })

  test('that breaks off leaves nothing behind', async () => {
    const broken = async function* () {
      yield Buffer.alloc(300_000)
      throw new Error('the line went dead')
    }
    const receiving = { kind: 'debits', fileName: 'a.txt', received, by, now } as const
    await expect(receiveUpload(w, receiving, broken())).rejects.toThrow('the line went dead')
    expect(await chunks()).toEqual([])
    expect(await listFiles(it.db, { limit: 10 })).toEqual([])
    expect(await receiveUpload(w, receiving, inBits(Buffer.alloc(0)))).toEqual({ kind: 'empty' })
  })
})

describe('a worker takes in what waits', () => {
  test('the oldest first, as the operator who brought it, under the id of the upload', async () => {
    const first = await upload('customers', 'master.csv', master(taro))
    const second = await upload('debits', 'result.txt', await debits([['1001', 5_000, '1']]))
    expect(await takeUploads(w, now)).toBe(1)
    expect(await findUpload(it.db, second)).not.toHaveProperty('ended')
    expect(await takeUploads(w, now)).toBe(1)
    expect(await takeUploads(w, now)).toBe(0)
    expect(await outcomeOf(first)).toMatchObject({ of: 'customers', outcome: { kind: 'imported', id: first } })
    expect(await outcomeOf(second)).toMatchObject({
      of: 'debits',
      outcome: { kind: 'imported', id: second, report: { totals: [{ outcome: 'billed', count: 1, amount: 5_000 }] } },
    })
    expect(await findImport(it.db, second)).toMatchObject({ importedBy: by, fileName: 'result.txt' })
    expect(await acts()).toEqual([
      `upload.received ${by}`,
      `upload.received ${by}`,
      `import.customers ${by}`,
      `import.debits ${by}`,
    ])
    expect(await chunks()).toEqual([])
  })

  test('the bar has come to its end', async () => {
    const bytes = await debits(Array.from({ length: 9_000 }, () => ['1001', 5_000, '0'] as const))
    const id = await upload('debits', 'result.txt', bytes)
    await takeUploads(w, now)
    expect(await findUpload(it.db, id)).toMatchObject({ byteCount: bytes.length, bytesDone: bytes.length, tries: 1 })
  })

  test('rejected rows are kept sealed for whoever corrects them', async () => {
    const id = await upload('customers', 'master.csv', master(taro, wrongRow))
    await takeUploads(w, now)
    expect(await outcomeOf(id)).toMatchObject({ outcome: { report: { rows: 2, rejected: 1 } } })
    const text = String(await bytesOf(readUpload(w, id, 'rejected')))
    expect(text).toContain('携帯電話番号：携帯電話番号ではありません')
    expect(text).toContain('0312345678')
    expect(await chunks()).toEqual(['rejected'])
    expect(await readRejectedRows(readUpload(w, id, 'rejected'), 10)).toEqual([
      { line: 3, customerNumber: '****', reasons: ['携帯電話番号：携帯電話番号ではありません'] },
    ])
  })

  test('the same master again names the one before', async () => {
    const first = await upload('customers', 'master.csv', master(taro))
    await takeUploads(w, now)
    const again = await upload('customers', 'again.csv', master(taro))
    await takeUploads(w, now)
    expect(await outcomeOf(first)).not.toHaveProperty('sameAs')
    expect(await outcomeOf(again)).toMatchObject({
      sameAs: first,
      outcome: { report: { customers: { unchanged: 1 } } },
    })
  })

  test('the same result again says so, and the refusal is audited', async () => {
    const bytes = await debits([['1001', 5_000, '1']])
    const first = await upload('debits', 'result.txt', bytes)
    await takeUploads(w, now)
    const again = await upload('debits', 'result.txt', bytes)
    await takeUploads(w, now)
    expect(await outcomeOf(again)).toEqual({ of: 'debits', outcome: { kind: 'already-imported', id: first } })
    expect((await acts()).at(-1)).toBe(`upload.refused ${by}`)
    expect(await chunks()).toEqual([])
  })

  test('a file of another kind is refused without repeating what stands in its first line', async () => {
    const id = await upload('customers', 'oops.csv', `1001,ヤマダ,タロウ,19800102,09000001111\r\n`)
    await takeUploads(w, now)
    const kept = JSON.stringify(await outcomeOf(id))
    expect(kept).toContain('wrong-header')
    expect(kept).not.toMatch(/ヤマダ|09000001111|19800102/)
  })

  test('what an import needs besides the file goes with it: the day it came, the import it corrects', async () => {
    await putMaster(it.db, [{ customer: '1001' }])
    const first = await upload('debits', 'result.txt', await debits([['1001', 5_000, '1']]))
    const corrected = await upload('debits', 'corrected.txt', await debits([['1001', 6_000, '1']]), first)
    await takeUploads(w, now)
    await takeUploads(w, now)
    expect(await outcomeOf(corrected)).toMatchObject({ outcome: { kind: 'imported', replaced: first } })
    expect(await findImport(it.db, corrected)).toMatchObject({ receivedOn: received, replaces: first })
    expect((await listFiles(it.db, { limit: 9 })).map(({ state }) => state.kind)).toEqual(['imported', 'replaced'])
  })

  test('of two workers only one has it', async () => {
    await upload('customers', 'master.csv', master(taro))
    const counts = await Promise.all(Array.from({ length: 4 }, () => takeUploads(w, now)))
    expect(counts.filter((count) => count === 1)).toHaveLength(1)
    expect((await acts()).filter((act) => act.startsWith('import.'))).toHaveLength(1)
  })
})

describe('a worker that died', () => {
  test('after the import was committed: it is found, told, and not done again', async () => {
    const id = await upload('debits', 'result.txt', await debits([['1001', 5_000, '1']]))
    const source: Source = uploadSource(w, (await findUpload(it.db, id)) ?? never())
    const done = await importDebits(w, source, { id, by, now, received })
    await takeUploads(w, now)
    expect(await outcomeOf(id)).toEqual({ of: 'debits', outcome: JSON.parse(JSON.stringify(done)) })
    expect((await acts()).filter((act) => act.startsWith('import.'))).toHaveLength(1)
  })

  test('before: it is begun again, and after three times left to people', async () => {
    const id = await upload('debits', 'result.txt', 'x')
    const dying = { ...w, creditor: undefined as never, vault: { ...w.vault, open: () => never() } }
    for (let time = 0; time < 3; time++) {
      await expect(takeUploads(dying, now)).rejects.toThrow()
      expect(await findUpload(it.db, id)).toMatchObject({ tries: time + 1 })
    }
    await takeUploads(dying, now)
    expect(await outcomeOf(id)).toEqual({ of: 'nothing', outcome: { kind: 'failed' } })
    expect(await chunks()).toEqual([])
  })
})

test('what nobody fetched is forgotten after a week', async () => {
  const old = firstIdAt(new Date(now.getTime() - 7 * 86_400_000 - 1))
  await writeUpload(w, old, 'file', inBits(Buffer.from('half a file')))
  await writeUpload(w, newId(new Date(now.getTime() - 6 * 86_400_000)), 'rejected', inBits(Buffer.from('rows')))
  await takeUploads(w, now)
  expect(await chunks()).toEqual(['rejected'])
})

test('the list holds what came either way, page by page, and reads no table whole', async () => {
  await putMaster(it.db, [{ customer: '1001' }])
  const source = debitsFile([['1001', 1_000, '1']])
  const done = await importDebits(w, source, { by: 'cli:sato', now, received })
  const ids = [done.kind === 'imported' ? done.id : '']
  for (let n = 0; n < 5; n++) ids.unshift(await upload('debits', `${n}.txt`, `${n}`))
  await takeUploads(w, now)
  const first = await listFiles(it.db, { limit: 4 })
  const rest = await listFiles(it.db, { limit: 4, before: first.at(-1)?.id })
  expect([...first, ...rest].map(({ id }) => id)).toEqual(ids)
  expect([...first, ...rest].map(({ state }) => state)).toEqual([
    ...Array.from({ length: 4 }, () => ({ kind: 'waiting' })),
    { kind: 'refused', because: 'malformed' },
    { kind: 'imported' },
  ])
  await sql`
    insert into uploads (id, kind, file_name, byte_count, received_on, uploaded_by, uploaded_at, ended_at, outcome)
    select ('019a0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'debits', 'x', 1, '2026-11-01', 'cli:x',
      '2026-11-01', '2026-11-01', '{}' from generate_series(1, 5000) n`.execute(it.ownerDb)
  await sql`analyze uploads, imports`.execute(it.ownerDb)
  const explained = await explaining(() => listFiles(it.db, { limit: 50 }))
  expect(explained.flatMap(tablesReadWhole)).not.toContain('uploads')
})

test('what people have to look at is read without the rest of a long file', async () => {
  const rows = Array.from({ length: 6_000 }, (_, n) => ['2002', 5_000, n % 2_000 === 0 ? '9' : '0'] as const)
  const done = await importDebits(w, debitsFile(rows), { by, now, received })
  const id = done.kind === 'imported' ? done.id : ''
  await sql`analyze debits`.execute(it.ownerDb)
  let found: readonly { readonly record: number }[] = []
  const explained = await explaining(async () => {
    found = await listNotBilledAfter(it.db, id, { after: 2, limit: 10 })
  })
  expect(found.map(({ record }) => record)).toEqual([2_002, 4_002])
  expect(Math.max(...explained.map(rowsTouched))).toBeLessThan(10)
})

const never = (): never => {
  throw new Error('died')
}
