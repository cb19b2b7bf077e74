import { createHash } from 'node:crypto'

/** What a text file turned out to be: the bytes are looked at, never their name. */
export type TextLooked =
  | { readonly kind: 'text'; readonly encoding: 'utf-8' | 'shift_jis'; readonly hash: Buffer }
  | { readonly kind: 'not-text'; readonly because: NotText }

export type NotText = 'utf-16' | 'broken-utf-8' | 'neither' | 'binary'

/** Reads the whole file once. UTF-8 first: hardly any CP932 text is UTF-8 by coincidence, while the reverse is common. */
export async function lookAtText(pieces: AsyncIterable<Buffer>): Promise<TextLooked> {
  const hash = createHash('sha256')
  const [utf8, cp932] = [validator('utf-8'), validator('shift_jis')]
  let start: Buffer = Buffer.alloc(0)
  let holdsNul = false
  for await (const piece of pieces) {
    hash.update(piece)
    if (start.length < 3) start = Buffer.concat([start, piece]).subarray(0, 3)
    holdsNul ||= piece.includes(0)
    utf8.add(piece)
    cp932.add(piece)
  }
  return judge(start, { hash: hash.digest(), holdsNul, isUtf8: utf8.end(), isCp932: cp932.end() })
}

function judge(
  start: Buffer,
  { hash, holdsNul, isUtf8, isCp932 }: { hash: Buffer; holdsNul: boolean; isUtf8: boolean; isCp932: boolean },
): TextLooked {
  const [first, second, third] = start
  const refuse = (because: NotText): TextLooked => ({ kind: 'not-text', because })
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return refuse('utf-16')
  if (holdsNul) return refuse('binary')
  if (isUtf8) return { kind: 'text', encoding: 'utf-8', hash }
  if (first === 0xef && second === 0xbb && third === 0xbf) return refuse('broken-utf-8')
  return isCp932 ? { kind: 'text', encoding: 'shift_jis', hash } : refuse('neither')
}

/** The text, without a byte order mark. */
export async function* decodeText(
  pieces: AsyncIterable<Buffer>,
  encoding: 'utf-8' | 'shift_jis',
): AsyncIterable<string> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  for await (const piece of pieces) yield decoder.decode(piece, { stream: true })
  yield decoder.decode()
}

function validator(encoding: string) {
  const decoder = new TextDecoder(encoding, { fatal: true })
  let isValid = true
  const attempt = (decode: () => string) => {
    try {
      if (isValid) decode()
    } catch {
      isValid = false
    }
  }
  return {
    add: (piece: Buffer) => attempt(() => decoder.decode(piece, { stream: true })),
    end: () => {
      attempt(() => decoder.decode())
      return isValid
    },
  }
}
