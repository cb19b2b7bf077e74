import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { readCreditor } from '#creditor'
import { importDebits } from '#intake'
import { japaneseHolidays } from '#platform/calendar/holidays'
import { openDatabase } from '#platform/database/database'
import { fileSource } from '#platform/source'
import { openVault } from '#platform/vault/vault'
import { day } from '#values/day'
import { handWritten, piped } from './limit.ts'

/** One import in a process of its own, so that each begins cold and its memory is its own: prints { ms, peakMb }. */
const [name = '', url = '', file = '', rows = ''] = process.argv.slice(2)
const db = openDatabase(url)
const vault = openVault({ derive: (label) => Buffer.alloc(32, label) })
const creditor = await readCreditor('creditor/demo.yaml', { demo: true })
// The connections are there before anything is timed.
await Promise.all([1, 2].map(() => db.selectFrom('imports').select('id').limit(1).execute()))

const contestants: Readonly<Record<string, () => Promise<unknown>>> = {
  limit: () => handWritten(db, vault, { rows, file }),
  python: () => {
    const slicer = spawn('python3', ['bench/import/slicer.py', file], { stdio: ['ignore', 'pipe', 'inherit'] })
    return piped(db, vault, slicer.stdout, file)
  },
  annai: async () => {
    const w = { db, vault, creditor, holidays: japaneseHolidays }
    const now = new Date('2026-11-25T01:00:00Z')
    const outcome = await importDebits(w, await fileSource(file), { by: 'cli:bench', now, received: day('2026-11-25') })
    if (outcome.kind !== 'imported') throw new Error(`The import was refused: ${outcome.kind}`)
  },
}

const startedAt = performance.now()
await contestants[name]?.()
const ms = performance.now() - startedAt
const peakKb = /^VmHWM:\s+(\d+)/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1]
process.stdout.write(JSON.stringify({ ms, peakMb: Number(peakKb) / 1024 }))
await db.destroy()
