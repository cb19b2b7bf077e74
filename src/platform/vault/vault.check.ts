import type { Db } from '#platform/database/database'
import { Fault } from '#platform/fault'

type CheckedVault = {
  checkValues(): ReadonlyMap<string, Buffer>
  sameHash(a: Uint8Array, b: Uint8Array): boolean
}

/**
 * Refuses a vault whose keys are not the ones this database was filled with (fault `keys-wrong`). The first start on an
 * empty database leaves the values that later starts are compared with.
 */
export async function checkKeys(db: Db, vault: CheckedVault): Promise<void> {
  const expected = vault.checkValues()
  const values = [...expected].map(([label, value]) => ({ label, value }))
  await db
    .insertInto('key_checks')
    .values(values)
    .onConflict((conflict) => conflict.column('label').doNothing())
    .execute()
  const found = await db.selectFrom('key_checks').select(['label', 'value']).execute()
  const wrong = found.filter(({ label, value }) => {
    const ours = expected.get(label)
    return ours === undefined || !vault.sameHash(ours, value)
  })
  if (wrong.length === 0) return
  const labels = wrong.map(({ label }) => label).join(', ')
  throw new Fault('keys-wrong', `The key file does not belong to this database (${labels}).`)
}
