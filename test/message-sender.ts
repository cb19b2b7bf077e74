import { type Database, inTransaction } from '#platform/database/database'
import type { Gateway } from '#platform/gateways/gateway'
import { newId } from '#platform/ids'
import { openVault, type Vault } from '#platform/vault/vault'
import { phone } from '#values/phone'
import { openOutbox } from '../src/messages/outbox.store.ts'
import type { Outbox } from '../src/messages/outbox.ts'
import { insertBinds, insertWorker, listLeases, takeLease } from '../src/messages/worker.store.ts'

export const testVault = (): Vault => openVault({ derive: (label) => Buffer.from(label.padEnd(32, '.').slice(0, 32)) })

/** The outbox in the database, with rules that let everything go. */
export const openOutboxFor = (db: Database, vault: Vault, gateways: readonly string[]): Outbox =>
  openOutbox({
    db,
    vault,
    gateways,
    decideRelease: async (_, due) => new Map(due.map(({ messageId }) => [messageId, { kind: 'send' }])),
    listPhones: async (_, __, ids) => new Map(ids.map((id) => [id, phone('+819001234567')])),
  })

/** A worker that holds the first bind of each gateway. */
export const takeBinds = async (db: Database, gateways: readonly string[], now: Date) => {
  const worker = newId(now)
  await insertWorker(db, worker, now)
  await insertBinds(
    db,
    gateways.map((gateway) => ({ gateway, bind: 1 })),
  )
  const held: { readonly worker: string; readonly gateway: string; readonly bind: number; readonly epoch: number }[] =
    []
  for (const lease of await listLeases(db)) {
    const epoch = await inTransaction(db, (tx) => takeLease(tx, lease, worker))
    held.push({ worker, gateway: lease.gateway, bind: lease.bind, epoch: epoch ?? 0 })
  }
  return held
}

/** A gateway without a network: the test says what becomes of a part. */
export const gatewayThat = (submit: Gateway['submit'], windowMax = 20): Gateway => ({
  split: (text) => [{ text, alphabet: 'ucs-2', number: 1, of: 1 }],
  submit,
  onReceipt: () => {},
  health: () => ({ state: 'bound', outstanding: 0, failedTries: 0 }),
  whenReady: async () => {},
  windowMax,
  close: async () => {},
})
