import { assert } from './assert.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** 'xxxxxxxx-xxxx-xxxx-xxxx-': all but the last 48 bits. */
const prefixLength = 24

const recordMax = 2 ** 48 - 1

/** A UUID as PostgreSQL prints it: lower case, with hyphens. */
export function isUuid(text: string): boolean {
  return uuid.test(text)
}

/**
 * The id of a row that came as record number n of an import: the import's id with its last 48 bits replaced by n.
 * It sorts in file order, and SQL can make a whole file's ids at once by the same rule:
 * `(left(import_id::text, 24) || lpad(to_hex(record), 12, '0'))::uuid`.
 */
export function idWithRecord(importId: string, record: number): string {
  assert(isUuid(importId), 'an import has a UUID')
  assert(Number.isInteger(record) && record >= 0 && record <= recordMax, 'a record number fits into 48 bits')
  return importId.slice(0, prefixLength) + record.toString(16).padStart(12, '0')
}

/** The record number within that import; undefined when the id came from elsewhere. */
export function recordOfId(importId: string, id: string): number | undefined {
  if (!isUuid(id) || !isUuid(importId)) return undefined
  if (id.slice(0, prefixLength) !== importId.slice(0, prefixLength)) return undefined
  return Number.parseInt(id.slice(prefixLength), 16)
}
