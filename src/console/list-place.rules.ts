/** Where a list goes on, as it stands in an address: '2026-11-24T01:00:00.000Z~0199…~1'. Only instants, days and ids of ours. */
export const writePlace = (parts: readonly (string | number | Date)[]): string =>
  parts.map((part) => (part instanceof Date ? part.toISOString() : String(part))).join('~')

type Part = 'instant' | 'day' | 'id' | 'number'

const shapes: Readonly<Record<Part, RegExp>> = {
  instant: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/,
  day: /^\d{4}-\d{2}-\d{2}$/,
  id: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  number: /^\d{1,9}$/,
}

/** The parts of a place, each of its shape; what somebody has made up is no place, and the list begins at its beginning. */
export const readPlace = (text: string | undefined, parts: readonly Part[]): readonly string[] | undefined => {
  const found = text?.split('~') ?? []
  const fits = found.length === parts.length && found.every((part, n) => isPart(part, parts[n]))
  return fits ? found : undefined
}

const isPart = (text: string, part: Part | undefined): boolean => {
  if (part === undefined || !shapes[part].test(text)) return false
  return (part !== 'instant' && part !== 'day') || !Number.isNaN(Date.parse(text))
}
