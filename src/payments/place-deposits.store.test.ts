import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, inTransaction, sql, type Transaction } from '#platform/database/database'
import { day } from '#values/day'
import { openCase } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import {
  type ArrivingLine,
  arriveIn,
  paymentsWorld,
  putName,
  putPromise,
  putSlip,
  putVirtualAccount,
  sharedAccount,
} from '../../test/deposits.ts'
import type { Match } from './match.rules.ts'
import { judgePage } from './take-deposits.jobs.ts'
import type { PaymentsWorld } from './world.ts'

let it: TestDatabase
let db: Database
let w: PaymentsWorld
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  w = await paymentsWorld(db)
})
afterAll(() => it.drop())

/** Numbers that meet each other in every way there is, accounts that are somebody's, nobody's and unknown, namesakes. */
const putTangle = async () => {
  const ann = await openCase(db, { customerNumber: '1234567' })
  const bob = await openCase(db, { customerNumber: '01234567', bills: [{ principal: 8_000 }, { principal: 5_000 }] })
  const cleo = await openCase(db, { customerNumber: '777' })
  const dora = await openCase(db, { customerNumber: 'C99' })
  await sql`update contracts set contract_number = '0777000' where customer_id = ${ann.customerId}`.execute(db)
  await sql`update contracts set debit_number = '55501234', debit_number_bare = '55501234'
    where customer_id = ${bob.customerId} and contract_number = ${bob.contractNumbers[0]}`.execute(db)
  await sql`update contracts set contract_number = '7654321' where customer_id = ${cleo.customerId}`.execute(db)
  await sql`update contracts set debit_number = '7654321', debit_number_bare = '7654321'
    where customer_id = ${dora.customerId}`.execute(db)
  await putPromise(db, dora, { amount: 9_000, receiptNumber: '482715306' })
  await putName(w, ann.customerId, 'ヤマダ', 'タロウ')
  await putName(w, bob.customerId, 'ヤマダ', 'ハナコ')
  await putName(w, cleo.customerId, 'スズキ', 'イチロウ')
  await putName(w, dora.customerId, 'スズキ', 'イチロウ')
  const own = await putVirtualAccount(db, ann.customerId)
  const nobodys = await putVirtualAccount(db)
  const slip = await putSlip(db, bob, 13_020)
  const account = (digits: string) => `0000-${digits.slice(0, 3)}-${digits.slice(3)}`
  return {
    accounts: [sharedAccount, account(own), account(nobodys), '0000-101-9999999', '9999-101-0000001'],
    references: [own, nobodys, slip, '9990000001', '482715306'].concat(
      ['1234567', '777', '777000', '0777000', '55501234', '7654321', '1000', '0', '12'].flatMap((number) => [
        number,
        number.padStart(10, '0'),
      ]),
    ),
  }
}

const payers = ['ﾔﾏﾀﾞ ﾀﾛｳ', 'ﾊﾅｺ ﾔﾏﾀﾞ', 'ｽｽﾞｷ ｲﾁﾛｳ', 'ﾔﾏﾀﾞ', 'ｽｽﾞｷ 1234567', '777 ﾔﾏﾀﾞ ｼﾞﾛｳ', 'ﾀﾅｶ ｹﾝ', '0482715306']
/** What Ann, Cleo and Dora owe on the 24th, what Bob does, one of his bills, what Dora promised, and nothing of these. */
const amounts = [12_319, 13_019, 13_020, 8_012, 9_000, 1]

test('the statements for a whole file say what the rule says of each line alone', async () => {
  const { accounts, references } = await putTangle()
  const line: fc.Arbitrary<ArrivingLine> = fc.oneof(
    fc.record({
      account: fc.constantFrom(...accounts),
      reference: fc.option(fc.constantFrom(...references)),
      payer: fc.option(fc.constantFrom(...payers)),
      amount: fc.constantFrom(...amounts),
    }),
    fc.record({
      channel: fc.constant('convenience-store' as const),
      reference: fc.option(fc.constantFrom(...references)),
      amount: fc.constantFrom(...amounts),
    }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 40, maxLength: 80 }), async (lines) => {
      const expected = await judgeAlone(lines)
      expect(await placedTogether(lines)).toEqual(lines.map((_, index) => expected.get(String(index + 1))))
    }),
    { numRuns: 8, endOnFailure: true },
  )
})

const judgeAlone = (lines: readonly ArrivingLine[]) =>
  judgePage(
    db,
    w,
    lines.map(({ channel = 'transfer', amount = 0, account, reference, payer }, index) => ({
      key: String(index + 1),
      channel,
      amount,
      onDay: day('2026-11-24'),
      account: account ?? null,
      reference: reference ?? null,
      payer: payer ?? null,
    })),
  )

/** By record; the transaction is given up, so that the next file finds everything as it was. */
const placedTogether = async (lines: readonly ArrivingLine[]): Promise<readonly Match[]> => {
  const placed: Match[] = []
  await inTransaction(db, async (tx) => {
    const { importId } = await arriveIn(tx, w, lines)
    placed.push(...(await readMatches(tx, importId)))
    throw new GivenUp()
  }).catch((error: unknown) => {
    if (!(error instanceof GivenUp)) throw error
  })
  return placed
}

class GivenUp extends Error {}

const readMatches = async (tx: Transaction, importId: string): Promise<readonly Match[]> => {
  const { rows } = await sql<{ match: Match }>`
    select case when customer_id is null
        then jsonb_build_object('kind', 'for-people', 'because', unmatched_because,
          'candidates', coalesce(to_jsonb(candidates), '[]'))
        else jsonb_strip_nulls(jsonb_build_object('kind', 'matched', 'customerId', customer_id, 'slipId', slip_id,
          'how', matched_how, 'certainty', certainty))
      end as match
    from deposits where import_id = ${importId} order by record`.execute(tx)
  return rows.map(({ match }) => match)
}
