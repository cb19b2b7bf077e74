import { writeAudit } from '#audit'
import { inTransaction, tryAdvisoryLock } from '#platform/database/database'
import { maskField } from '#values/mask'
import { findImport, findSameCustomersImport, type Import } from './import.store.ts'
import { importAccounts } from './import-accounts.jobs.ts'
import { type ImportCustomersOutcome, importCustomers } from './import-customers.jobs.ts'
import { importDebits } from './import-debits.jobs.ts'
import { importDeposits } from './import-deposits.jobs.ts'
import type { Importing, IntakeWorld } from './intake-world.ts'
import { findWaitingUpload, markBegun, markUploadEnded, setBytesDone, type Upload } from './upload.store.ts'
import { deleteUploadPart, forgetOldUploads, uploadSource, writeUpload } from './upload-chunks.store.ts'
import type { UploadOutcome } from './upload-outcome.ts'

/** What the database does not take today it may take after a restart; what three workers died of is the file's fault. */
const triesMax = 3

/**
 * Takes in the file that has waited longest, and tells whether there was one. One worker at a time: imports follow one
 * another anyway. A worker that dies leaves the file waiting; what it had committed by then is found and told.
 */
export function takeUploads(w: IntakeWorld, now: Date): Promise<number> {
  // The lock's transaction writes nothing and reads once: it holds back no clean-up however long the import takes.
  return inTransaction(w.db, async (lock) => {
    if (!(await tryAdvisoryLock(lock, 'uploads'))) return 0
    const upload = await findWaitingUpload(w.db)
    if (upload === undefined) {
      await forgetOldUploads(w.db, now)
      return 0
    }
    await end(w, upload, await outcomeOf(w, upload, now), now)
    return 1
  })
}

async function outcomeOf(w: IntakeWorld, upload: Upload, now: Date): Promise<UploadOutcome> {
  const done = await findImport(w.db, upload.id)
  if (done !== undefined) return asTold(done)
  const tries = await markBegun(w.db, upload.id)
  if (tries > triesMax) return { of: 'nothing', outcome: { kind: 'failed' } }
  return take(w, upload, now)
}

async function take(w: IntakeWorld, upload: Upload, now: Date): Promise<UploadOutcome> {
  const source = uploadSource(w, upload)
  const { id, receivedOn: received } = upload
  const bar = progressBar(w, id)
  const importing: Importing = { id, by: upload.uploadedBy, now, progress: bar.move }
  try {
    switch (upload.kind) {
      case 'customers': {
        await deleteUploadPart(w.db, id, 'rejected')
        const outcome = await importCustomers(w, source, {
          ...importing,
          writeRejected: async (text) => void (await writeUpload(w, id, 'rejected', encoded(text))),
        })
        const sameAs = outcome.kind === 'imported' ? await findSameCustomersImport(w.db, id) : undefined
        return { of: 'customers', outcome: withMaskedHeader(outcome), ...(sameAs !== undefined && { sameAs }) }
      }
      case 'debits': {
        const { replaces } = upload
        return { of: 'debits', outcome: await importDebits(w, source, { ...importing, received, replaces }) }
      }
      case 'deposits':
        return { of: 'deposits', outcome: await importDeposits(w, source, { ...importing, received }) }
      case 'virtual-accounts':
        return { of: 'virtual-accounts', outcome: await importAccounts(w, source, importing) }
    }
  } finally {
    await bar.still()
  }
}

async function end({ db }: IntakeWorld, upload: Upload, outcome: UploadOutcome, now: Date): Promise<void> {
  await inTransaction(db, async (tx) => {
    await markUploadEnded(tx, upload.id, outcome, now)
    await deleteUploadPart(tx, upload.id, 'file')
    const { kind } = outcome.outcome
    if (kind === 'imported') return
    const facts = { import: upload.id, kind: upload.kind, because: kind }
    await writeAudit(tx, { at: now, actor: upload.uploadedBy, act: 'upload.refused', facts })
  })
}

/** An import that was committed by a worker who did not live to say so. */
function asTold({ id, kind, report }: Import): UploadOutcome {
  return { of: kind, outcome: { kind: 'imported', id, report } } as UploadOutcome
}

/** As fast as the database takes it: one word about how far it is on the way, and the latest one after that. */
function progressBar({ db }: IntakeWorld, id: string) {
  let latest: number | undefined
  let telling: Promise<void> | undefined
  const tell = async () => {
    while (latest !== undefined) {
      const bytesDone = latest
      latest = undefined
      // A bar that stands still is no reason to give up an import.
      await setBytesDone(db, id, bytesDone).catch(() => {})
    }
    telling = undefined
  }
  return {
    move(bytesDone: number) {
      latest = bytesDone
      telling ??= tell()
    },
    still: async () => telling,
  }
}

/** In a file of another kind the first line is somebody's data. */
function withMaskedHeader(outcome: ImportCustomersOutcome): ImportCustomersOutcome {
  if (outcome.kind !== 'wrong-header') return outcome
  const unknown = outcome.unknown.map((name) => (/^[a-z_ ]{1,20}$/.test(name) ? name : maskField(name)))
  return { ...outcome, unknown }
}

async function* encoded(text: AsyncIterable<string>): AsyncIterable<Buffer> {
  for await (const piece of text) yield Buffer.from(piece)
}
