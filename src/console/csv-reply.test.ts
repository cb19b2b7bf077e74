import iconv from 'iconv-lite'
import { expect, test } from 'vitest'
import type { CsvCell } from '#platform/text/csv-line'
import type { TextEncoding } from '#platform/text/encode'
import { allPages, csvLinks, csvReply, encodingOf } from './csv-reply.ts'

const filling = async (
  encoding: TextEncoding,
  rows: AsyncIterable<readonly CsvCell[]>,
): Promise<{ readonly bytes: Buffer; readonly pieces: number; readonly mediaType: string; readonly name: string }> => {
  const reply = csvReply({ name: '返答一覧', encoding, header: ['受付番号', '金額'], rows })
  if (reply.kind !== 'file' || typeof reply.body === 'string' || reply.body instanceof Uint8Array) throw new Error()
  const pieces: Uint8Array[] = []
  for await (const piece of reply.body) pieces.push(Buffer.from(piece))
  const { mediaType, name } = reply
  return { bytes: Buffer.concat(pieces), pieces: pieces.length, mediaType, name }
}

async function* rowsOf(count: number): AsyncGenerator<readonly CsvCell[]> {
  for (let n = 1; n <= count; n++) yield [`〜${n}`, n]
}

test('Excel gets UTF-8 with its mark, once', async () => {
  const { bytes, mediaType, name } = await filling('utf8-bom', rowsOf(5_000))
  expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
  expect(bytes.toString().match(/\ufeff/g)).toHaveLength(1)
  expect([mediaType, name]).toEqual(['text/csv; charset=utf-8', '返答一覧.csv'])
})

test('UTF-8 goes without it', async () => {
  const { bytes } = await filling('utf8', rowsOf(1))
  expect(bytes.toString()).toBe('受付番号,金額\r\n〜1,1\r\n')
})

test('CP932 is what older programs read, the wave dash as they know it', async () => {
  const { bytes, mediaType } = await filling('cp932', rowsOf(1))
  expect(iconv.decode(bytes, 'cp932')).toBe('受付番号,金額\r\n～1,1\r\n')
  expect(bytes.includes(0x3f)).toBe(false)
  expect(mediaType).toBe('text/csv; charset=shift_jis')
})

test('a long file leaves in pieces while it is made', async () => {
  const { pieces, bytes } = await filling('utf8', rowsOf(20_000))
  expect(pieces).toBeGreaterThan(2)
  expect(bytes.toString().split('\r\n')).toHaveLength(20_002)
})

test('a long file is never all in memory', async () => {
  let ahead = 0
  let aheadMax = 0
  async function* counted(): AsyncGenerator<readonly CsvCell[]> {
    for (let n = 0; n < 200_000; n++) {
      aheadMax = Math.max(aheadMax, ++ahead)
      yield ['482715304', n]
    }
  }
  const reply = csvReply({ name: 'x', encoding: 'utf8', header: ['a', 'b'], rows: counted() })
  if (reply.kind !== 'file' || typeof reply.body === 'string' || reply.body instanceof Uint8Array) throw new Error()
  let lines = 0
  for await (const piece of reply.body) {
    ahead = 0
    for (const byte of Buffer.from(piece)) if (byte === 10) lines++
  }
  expect(lines).toBe(200_001)
  expect(aheadMax).toBeLessThan(10_000)
})

test('only known encodings ask for a file', () => {
  expect(['utf8-bom', 'utf8', 'cp932', 'toString', '', undefined].map(encodingOf)).toEqual([
    'utf8-bom',
    'utf8',
    'cp932',
    undefined,
    undefined,
    undefined,
  ])
})

test('the links keep the filters of the page', () => {
  expect(String(csvLinks('/answers?kind=promise&from=2026-11-01'))).toContain(
    'href="/answers?kind=promise&amp;from=2026-11-01&amp;csv=cp932"',
  )
})

test('pages follow each other until one is short', async () => {
  const all = Array.from({ length: 2_500 }, (_, n) => n)
  const asked: (number | undefined)[] = []
  const read = async (after: number | undefined, limit: number) => {
    asked.push(after)
    return all.slice((after ?? -1) + 1, (after ?? -1) + 1 + limit)
  }
  const rows: number[] = []
  for await (const page of allPages(read, (row: number) => row)) rows.push(...page)
  expect(rows).toEqual(all)
  expect(asked).toEqual([undefined, 999, 1_999])
})
