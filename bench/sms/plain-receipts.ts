import type pg from 'pg'
import type { RawReceipt } from './wire.ts'

/** Beside a job queue, which has no place for them: receipts as they come, tied to nothing. */
export async function createReceipts(client: pg.Client): Promise<void> {
  await client.query(
    'create table receipts (carrier_id text not null, state text not null, received_at timestamptz not null)',
  )
}

export async function recordReceipt(client: pg.Client, receipts: readonly RawReceipt[]): Promise<void> {
  await client.query({
    name: 'receive',
    text: `insert into receipts (carrier_id, state, received_at) select id, 'DELIVRD', $2 from unnest($1::text[]) as r (id)`,
    values: [receipts.map(({ carrierId }) => carrierId), new Date()],
  })
}
