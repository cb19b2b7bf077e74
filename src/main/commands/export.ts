import { answerFormat, depositFormat, exportAnswers, exportDeposits, type FeedFormat } from '#handback'
import type { Database } from '#platform/database/database'
import { type TextEncoding, textEncoder } from '#platform/text/encode'
import type { Settings } from '../settings.ts'
import { writeOut } from '../terminal.ts'
import { withWorld } from './with-world.ts'

type Options = { readonly format: 'csv' | 'jsonl'; readonly encoding: TextEncoding; readonly after?: number }

export const exportAnswersCommand = (settings: Settings, options: Options): Promise<number> =>
  exportFeed(settings, options, exportAnswers, answerFormat)

export const exportDepositsCommand = (settings: Settings, options: Options): Promise<number> =>
  exportFeed(settings, options, exportDeposits, depositFormat)

const exportFeed = <Row>(
  settings: Settings,
  { format, encoding, after = 0 }: Options,
  rowsOf: (db: Database, from: { readonly after: number }) => AsyncIterable<Row>,
  { csvHeader, asCsvLine, asJsonLine }: FeedFormat<Row>,
): Promise<number> =>
  withWorld(settings, async ({ db }) => {
    const isCsv = format === 'csv'
    const encode = textEncoder(isCsv ? encoding : 'utf8')
    if (isCsv) await writeOut(encode(csvHeader()))
    const asLine = isCsv ? asCsvLine : asJsonLine
    for await (const row of rowsOf(db, { after })) await writeOut(encode(asLine(row)))
    return 0
  })
