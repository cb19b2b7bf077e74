import type { Fields } from './route.ts'

/** Of a field sent twice nothing counts: our pages send every field once. */
export function fieldsOf(parsed: unknown): Fields {
  const fields: Record<string, string> = Object.create(null)
  if (typeof parsed !== 'object' || parsed === null) return fields
  for (const [name, value] of Object.entries(parsed)) if (typeof value === 'string') fields[name] = value
  return fields
}
