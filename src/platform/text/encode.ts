import iconv from 'iconv-lite'

export type TextEncoding = 'utf8' | 'utf8-bom' | 'cp932'

/** A function that encodes the pieces of one text, the first piece first. */
export const textEncoder = (encoding: TextEncoding): ((piece: string) => Buffer) => {
  let isFirst = encoding === 'utf8-bom'
  return (piece) => {
    if (encoding === 'cp932') return iconv.encode(piece.replaceAll('\u301c', '\uff5e'), 'cp932')
    const bytes = Buffer.from(isFirst ? `\ufeff${piece}` : piece)
    isFirst = false
    return bytes
  }
}
