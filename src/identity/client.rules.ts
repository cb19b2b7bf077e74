/**
 * Who a request counts for: an IPv4 address, or the first 56 bits of an IPv6 address, because one household is given
 * 2^72 addresses and more to choose from. What cannot be read counts as itself.
 */
export function clientOf(address: string): string {
  const plain = (address.split('%')[0] ?? '').trim().toLowerCase()
  const mapped = /^(?:::|0:0:0:0:0:)ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1]
  if (mapped !== undefined) return mapped
  const groups = groupsOf(plain)
  if (groups === undefined) return plain
  const [a, b, c, d] = groups
  return `${a}:${b}:${c}:${(Number.parseInt(d ?? '0', 16) & 0xff00).toString(16)}::/56`
}

/** The first four of eight groups, without leading zeros; undefined when it is no IPv6 address. */
function groupsOf(address: string): readonly string[] | undefined {
  if (!/^[0-9a-f:]*:[0-9a-f:.]*$/.test(address)) return undefined
  const [front = '', back] = address.split('::')
  const [head, tail] = [split(front), split(back ?? '')]
  // An IPv4 address at the end stands for two groups.
  const tailLength = tail.length + (address.includes('.') ? 1 : 0)
  const missing = back === undefined ? 0 : Math.max(0, 8 - head.length - tailLength)
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
  return groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
}

function split(groups: string): readonly string[] {
  return groups === '' ? [] : groups.split(':')
}
