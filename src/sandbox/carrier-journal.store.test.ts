import { afterAll, beforeAll, expect, test } from 'vitest'
import { openVault } from '#platform/vault/vault'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { carrierJournal, readJournal } from './carrier-journal.store.ts'
import type { TakenMessage } from './carrier-journal.ts'
import { ordinary } from './carrier-numbers.rules.ts'

const vault = openVault({ derive: () => Buffer.alloc(32, 7) })
const at = new Date('2026-11-24T10:00:00+09:00')
const later = new Date('2026-11-24T10:00:01+09:00')

let it: TestDatabase
beforeAll(async () => {
  it = await testDatabase()
})
afterAll(() => it.drop())

const taken = (id: string): TakenMessage => ({
  id,
  key: '09001234567 #0',
  account: 'annai',
  to: '09001234567',
  from: '0570000000',
  text: '認証番号 123456',
  concatenation: { reference: 9, part: 1, parts: 2 },
  reference: 700,
  registeredDelivery: 1,
  submittedAt: at,
  conduct: { ...ordinary, receipts: 'twice', receiptLateByMs: 50 },
  answer: 'answered',
  fate: 'delivered',
  dueAt: later,
})

test('what was taken comes back whole, with its end and its receipt, and lies sealed', async () => {
  const journal = carrierJournal(it.db, vault)
  await journal.taken(taken('a'))
  await journal.taken(taken('b'))
  await journal.ended('a', later)
  await journal.acknowledged('a', later)
  expect(await readJournal(it.db, vault, 10)).toEqual([
    { message: taken('a'), endedAt: later, isAcknowledged: true },
    { message: taken('b'), isAcknowledged: false },
  ])
  const rows = await it.db.selectFrom('sandbox_messages').select('sealed').execute()
  expect(rows.filter(({ sealed }) => sealed.includes('123456'))).toEqual([])
})

test('what the first version took is still on the phones', async () => {
  await it.db.deleteFrom('sandbox_messages').execute()
  const { id, key: _, account: _account, text: _text, answer: _answer, ...rest } = taken('old')
  const plain = {
    ...rest,
    body: Buffer.from('30423044', 'hex').toString('base64'),
    isUcs2: true,
    conduct: { firstAnswers: [], end: 'delivered', lateByMs: 0, receipts: 'after' },
    submittedAt: at.getTime(),
    dueAt: later.getTime(),
  }
  const sealed = vault.seal({ table: 'sandbox_messages', column: 'sealed', row: id }, JSON.stringify(plain))
  await it.db.insertInto('sandbox_messages').values({ id, sealed, taken_at: at }).execute()
  const [entry] = await readJournal(it.db, vault, 10)
  expect(entry?.message).toMatchObject({ text: 'あい', account: 'annai', answer: 'answered', conduct: ordinary })
})
