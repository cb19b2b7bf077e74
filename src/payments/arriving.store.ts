import { sql, type Transaction } from '#platform/database/database'

/** The columns of `arriving_deposits` in the order in which COPY fills them. */
export const arrivingColumns = [
  'record',
  'channel',
  'act',
  'amount',
  'on_day',
  'account',
  'reference',
  'payer',
  'line_key',
  'reversal_key',
] as const

/**
 * The lines of one file, for as long as its transaction lasts. A temporary table is written without a log; the payers'
 * names in it go no further than their blind values.
 */
export const createArriving = async (tx: Transaction): Promise<void> => {
  await sql`
    -- The memory of each sort and hash of the few statements of an import; a million deposits fit at once.
    set local work_mem = '128MB';
    -- These statements run once and read everything: compiling them costs more than it saves.
    set local jit = off;
    create temp table arriving_deposits (
      record integer not null,
      channel text not null check (channel in ('transfer', 'convenience-store')),
      -- An agent's 速報 is provisional and its 確報 final, both under the same line_key.
      act text not null check (act in ('arrival', 'provisional', 'final', 'reversal')),
      amount bigint not null check (amount > 0),
      on_day date not null,
      -- bank-branch-number of the account it came to, seven digits of number.
      account text,
      -- 振込依頼人コード or the slip's number, as it came, without outer spaces.
      reference text,
      -- 振込依頼人名 as it came; of a slip there is none.
      payer text,
      -- Unique within a file: lines that are equal in everything are numbered.
      line_key text not null,
      -- Of a reversal: the line_key of the line that it takes back.
      reversal_key text,
      check ((act = 'reversal') = (reversal_key is not null))
    ) on commit drop`.execute(tx)
}
