import { asCsvLine, asJsonLine, csvHeader, exportAnswers } from '#handback'
import { type TextEncoding, textEncoder } from '#platform/text/encode'
import type { Settings } from '../settings.ts'
import { writeOut } from '../terminal.ts'
import { withWorld } from './with-world.ts'

export const exportAnswersCommand = (
  settings: Settings,
  options: { readonly format: 'csv' | 'jsonl'; readonly encoding: TextEncoding; readonly after?: number },
): Promise<number> =>
  withWorld(settings, async ({ db }) => {
    const encode = textEncoder(options.format === 'csv' ? options.encoding : 'utf8')
    if (options.format === 'csv') await writeOut(encode(csvHeader()))
    const asLine = options.format === 'csv' ? asCsvLine : asJsonLine
    for await (const answer of exportAnswers(db, { after: options.after ?? 0 })) await writeOut(encode(asLine(answer)))
    return 0
  })
