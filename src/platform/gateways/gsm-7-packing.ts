/**
 * Eight septets in seven octets, the first in the lowest bits (3GPP TS 23.038, 6.1.2.1.1). Behind a user data header
 * the first septet begins at a septet's boundary counted from the header's first bit (23.040, 9.2.3.24).
 */
export function packSeptets(septets: Buffer, headerOctets = 0): Buffer {
  const fillBits = fillBitsAfter(headerOctets)
  const spareBits = (8 - ((fillBits + 7 * septets.length) % 8)) % 8
  // Seven spare bits would read as one more septet, an "@": a carriage return hides there instead (6.1.2.3.1).
  const all = spareBits === 7 ? Buffer.concat([septets, Buffer.from([carriageReturn])]) : septets
  const octets = Buffer.alloc(Math.ceil((fillBits + 7 * all.length) / 8))
  for (let index = 0; index < all.length; index++) {
    const bit = fillBits + 7 * index
    const shifted = ((all[index] ?? 0) & 0x7f) << (bit % 8)
    const at = bit >> 3
    octets[at] = (octets[at] ?? 0) | (shifted & 0xff)
    if (shifted > 0xff) octets[at + 1] = (octets[at + 1] ?? 0) | (shifted >> 8)
  }
  return octets
}

export function unpackSeptets(octets: Buffer, headerOctets = 0): Buffer {
  const fillBits = fillBitsAfter(headerOctets)
  const count = Math.max(0, Math.floor((8 * octets.length - fillBits) / 7))
  const septets = Buffer.alloc(count)
  for (let index = 0; index < count; index++) {
    const bit = fillBits + 7 * index
    const pair = (octets[bit >> 3] ?? 0) | ((octets[(bit >> 3) + 1] ?? 0) << 8)
    septets[index] = (pair >> (bit % 8)) & 0x7f
  }
  const isFull = (fillBits + 7 * count) % 8 === 0
  return isFull && septets[count - 1] === carriageReturn ? septets.subarray(0, count - 1) : septets
}

const carriageReturn = 0x0d

function fillBitsAfter(headerOctets: number): number {
  return (7 - ((8 * headerOctets) % 7)) % 7
}
