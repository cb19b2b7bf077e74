import pg from 'pg'
import type { Contestant, OpenContestant } from './contest.ts'
import { phoneOf, pieces } from './data.ts'
import { openWire, type RawReceipt } from './wire.ts'

/**
 * What one writes by hand for exactly this: queued, sending, answered, delivered in one table. A beat is one pipelined
 * transaction that claims what the window has room for, records the answers and records the receipts that came since
 * the last beat; only after its commit do the claimed bytes leave and are the receipts acknowledged.
 *
 * It leaves out whatever can be left out when nothing goes wrong: a receipt finds its message through this process's
 * memory, no rule is asked, no number is sealed, one worker is alone, nothing is tried again. Appending rows to three
 * tables instead of changing a status takes a tenth less processor time and is as fast.
 */
export const openSqlLimit: OpenContestant = async (contest): Promise<Contestant> => {
  const { databaseUrl, sinkPort, window, messages, chunk, claims } = contest
  const clients = await Promise.all(Array.from({ length: claims }, () => connect(databaseUrl)))
  const wire = await openWire(sinkPort, window)
  const desk = openDesk()
  wire.onReceipts(desk.takeReceipts)
  let claimedTo = 0
  let inHand = 0
  let delivered = 0

  const beat = async (client: pg.Client) => {
    while (delivered < messages) {
      const room = Math.min(chunk, chunk * claims - inHand, messages - claimedTo)
      // Half a chunk is worth a statement; less is claimed only when nothing else is coming.
      const isWorthIt = room >= chunk / 2 || (room > 0 && inHand === 0)
      const { answers, receipts } = desk.take()
      if (!isWorthIt && answers.length === 0 && receipts.length === 0) {
        await desk.somethingCame()
        continue
      }
      const claimFrom = claimedTo
      if (isWorthIt) {
        claimedTo += room
        inHand += room
      }
      const now = new Date()
      const ids = answers.map(({ id }) => id)
      const [, claimed] = await Promise.all([
        client.query('begin'),
        claimedTo > claimFrom && client.query<[number, string]>({ ...claim, values: [claimFrom, claimedTo, now] }),
        ids.length > 0 && client.query({ ...answer, values: [ids, answers.map(({ carrierId }) => carrierId), now] }),
        receipts.length > 0 && client.query({ ...receive, values: [receipts.map(({ id }) => id), now] }),
        client.query('commit'),
      ])
      inHand -= ids.length
      delivered += receipts.length
      desk.markAnswered(answers)
      wire.acknowledge(receipts.map(({ receipt }) => receipt))
      if (claimed) for (const [id, phone] of claimed.rows) wire.submit(id, phone, desk.takeAnswer)
      if (delivered === messages) desk.wake()
    }
  }

  return {
    async queue() {
      const [client] = clients
      await client?.query(schema)
      for (const ids of pieces(messages, 5_000))
        await client?.query(
          `insert into messages (id, phone, queued_at, status)
          select id, phone, $3, 'q' from unnest($1::int[], $2::text[]) as q (id, phone)`,
          [ids, ids.map(phoneOf), new Date()],
        )
      await client?.query('vacuum analyze messages')
    },
    async drain() {
      await Promise.all(clients.map(beat))
    },
    async countDelivered() {
      const counted = await clients[0]?.query(
        `select count(*) from messages
        where status = 'd' and num_nonnulls(sending_at, submitted_at, delivered_at, carrier_id) = 4`,
      )
      return Number(counted?.rows[0]?.count)
    },
    async close() {
      wire.close()
      await Promise.all(clients.map((client) => client.end()))
    },
  }
}

/** What has come and is not recorded yet. A receipt waits for its message's answer to be recorded. */
function openDesk() {
  const idOf = new Map<string, number>()
  const early = new Map<string, RawReceipt>()
  let answers: { readonly id: number; readonly carrierId: string }[] = []
  let receipts: { readonly id: number; readonly receipt: RawReceipt }[] = []
  let sleepers: (() => void)[] = []

  const wake = () => {
    const waking = sleepers
    sleepers = []
    for (const rise of waking) rise()
  }
  return {
    wake,
    somethingCame: () => new Promise<void>((resolve) => sleepers.push(resolve)),
    takeAnswer(id: number, carrierId: string) {
      answers.push({ id, carrierId })
      if (answers.length === 1) wake()
    },
    takeReceipts(come: readonly RawReceipt[]) {
      for (const receipt of come) {
        const id = idOf.get(receipt.carrierId)
        if (id === undefined) early.set(receipt.carrierId, receipt)
        else receipts.push({ id, receipt })
      }
      wake()
    },
    take() {
      const taken = { answers, receipts }
      answers = []
      receipts = []
      return taken
    },
    markAnswered(recorded: typeof answers) {
      for (const { id, carrierId } of recorded) {
        const receipt = early.get(carrierId)
        if (receipt === undefined) idOf.set(carrierId, id)
        else {
          early.delete(carrierId)
          receipts.push({ id, receipt })
        }
      }
    },
  }
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, pipeline: true })
  await client.connect()
  return client
}

/** No index but the key, and room beside each row, so that a change of status stays on its page. */
const schema = `
  create table messages (
    id integer primary key,
    phone text not null,
    queued_at timestamptz not null,
    sending_at timestamptz,
    submitted_at timestamptz,
    delivered_at timestamptz,
    carrier_id text,
    status "char" not null
  ) with (fillfactor = 40)`

const claim = {
  name: 'claim',
  rowMode: 'array' as const,
  text: `update messages set status = 's', sending_at = $3 where id > $1 and id <= $2 and status = 'q' returning id, phone`,
}

const answer = {
  name: 'answer',
  text: `update messages m set status = 'a', carrier_id = a.carrier_id, submitted_at = $3
    from unnest($1::int[], $2::text[]) as a (id, carrier_id) where m.id = a.id`,
}

const receive = {
  name: 'receive',
  text: `update messages set status = 'd', delivered_at = $2 where id = any($1::int[])`,
}
