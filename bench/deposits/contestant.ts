import { readFile } from 'node:fs/promises'
import { readCreditor } from '#creditor'
import { importDeposits } from '#intake'
import { japaneseHolidays } from '#platform/calendar/holidays'
import { openDatabase } from '#platform/database/database'
import { fileSource } from '#platform/source'
import { openVault } from '#platform/vault/vault'
import { day } from '#values/day'
import { handWritten } from './limit.ts'

/** One import in a process of its own, so that each begins cold and its memory is its own: prints { ms, peakMb }. */
const [name = '', url = '', file = '', rows = ''] = process.argv.slice(2)
const db = openDatabase(url)
const vault = openVault({ derive: (label) => Buffer.alloc(32, label) })
const demo = await readCreditor('creditor/demo.yaml', { demo: true })
// A trailer counts up to 999,999, so a million deposits are those of two accounts.
const creditor = {
  ...demo,
  transferAccounts: demo.transferAccounts.flatMap((one) => [one, { ...one, number: '1234568' }]),
}
// The connections are there before anything is timed.
await Promise.all([1, 2].map(() => db.selectFrom('imports').select('id').limit(1).execute()))

const contestants: Readonly<Record<string, () => Promise<unknown>>> = {
  limit: () => handWritten(db, vault, { rows, file }),
  annai: async () => {
    const w = { db, vault, creditor, holidays: japaneseHolidays }
    const now = new Date('2026-11-25T01:00:00Z')
    const outcome = await importDeposits(w, await fileSource(file), {
      by: 'cli:bench',
      now,
      received: day('2026-11-25'),
    })
    if (outcome.kind !== 'imported') throw new Error(`The import was refused: ${JSON.stringify(outcome)}`)
  },
}

const startedAt = performance.now()
await contestants[name]?.()
const ms = performance.now() - startedAt
const peakKb = /^VmHWM:\s+(\d+)/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1]
process.stdout.write(JSON.stringify({ ms, peakMb: Number(peakKb) / 1024 }))
await db.destroy()
