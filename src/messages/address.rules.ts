/**
 * Which addresses in a text would a phone make a link of, and lead they anywhere but to the company's own site?
 * Whoever copies our notice changes one letter of the address; so may whoever edits a template.
 */
export function foreignAddresses(text: string, allowedHosts: readonly string[]): readonly string[] {
  const plain = text.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '')
  const allowed = allowedHosts.flatMap((host) => hostOf(host) ?? [])
  const links = plain.match(withScheme) ?? []
  const rest = plain.replace(withScheme, ' ')
  const bare = [
    ...(rest.match(dotted) ?? []).filter(isAddress).map(withoutJapaneseAround),
    ...(rest.match(asciiAroundJapaneseDot) ?? []),
  ]
  return [...new Set([...links, ...bare].filter((address) => !isOwn(address, allowed)))]
}

/** Phones take everything up to a blank; what is Japanese behind a path does no harm to the host. */
const withScheme = /[a-z][a-z0-9+.-]*:\/\/[^\s]+/giu

/** Letters of any script, for look-alikes, with dots between, perhaps a port. */
const dotted = /[\p{L}\p{M}\p{N}-]+(?:\.[\p{L}\p{M}\p{N}-]+)+(?::\d{1,5})?/gu

/** A host may be written with 。 for a dot; the sentence mark between Japanese words is none. */
const asciiAroundJapaneseDot = /[a-z0-9-]+(?:。[a-z0-9-]+)*。[a-z]{2,}(?![\p{L}\p{N}])/giu

/** 2026.11.24 and 1.5 are no addresses, 192.0.2.1 is one; a top-level domain begins with a letter. */
function isAddress(run: string): boolean {
  const labels = withoutPort(run).split('.')
  if (labels.every((label) => /^\d+$/.test(label))) return labels.length === 4
  return /^\p{L}/u.test(labels.at(-1) ?? '')
}

/** 詳しくはmobile.jaccs.co.jpへ: the words around are not the host's, unless a label is Japanese throughout. */
function withoutJapaneseAround(run: string): string {
  return run
    .replace(/^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}ー]+(?=[a-z0-9])/iu, '')
    .replace(/(?<=\.[a-z]{2,})[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}ー]+$/iu, '')
}

function withoutPort(run: string): string {
  return run.replace(/:\d+$/, '')
}

function isOwn(address: string, allowed: readonly string[]): boolean {
  const host = hostOf(address)
  if (host === undefined) return false
  return allowed.some((own) => host === own || (isDomain(own) && host.endsWith(`.${own}`)))
}

/** Neither a number nor a name of this machine alone has anything under it. */
function isDomain(host: string): boolean {
  return /\.[a-z][a-z0-9-]+$/.test(host)
}

/** The host as the browser would ask for it, with its port where it is not the usual one; none if it names a user. */
function hostOf(address: string): string | undefined {
  const [scheme, rest] = /:\/\//.test(address) ? splitScheme(address) : ['http:', address]
  const url = URL.parse(`${scheme === 'https:' ? 'https:' : 'http:'}//${rest}`)
  if (url === null || url.username !== '' || url.password !== '') return undefined
  return url.host
}

function splitScheme(address: string): [string, string] {
  const end = address.indexOf('://')
  return [address.slice(0, end + 1).toLowerCase(), address.slice(end + 3)]
}
