import { type CsvProblem, fileTypes, recordNames, type UploadOutcome, type ZenginProblem } from '#intake'

/** One thing wrong with a file, in the words of whoever corrects it. What stands in the file is masked. */
export type FileProblem = {
  /** Left out when it is the whole file. */
  readonly line?: number
  /** As the format's own documents call it. */
  readonly field: string
  readonly what: string
  readonly found: string
  readonly expected: string
}

export type FileProblems = { readonly problems: readonly FileProblem[]; readonly further: number }

/** Everything that is wrong with a file that nothing was taken from; undefined when that was not the file's fault. */
export const problemsOf = ({ outcome }: Pick<UploadOutcome, 'outcome'>): FileProblems | undefined => {
  switch (outcome.kind) {
    case 'malformed':
      return { problems: outcome.problems.map(ofZengin), further: outcome.furtherProblems }
    case 'wrong-rows':
      return { problems: outcome.problems.map(ofCsv), further: outcome.furtherProblems }
    case 'broken-csv':
      return single({ line: outcome.line, field: '', what: brokenCsv[outcome.because] ?? 'CSVとして読めません' })
    case 'wrong-header': {
      const named = (names: readonly string[], what: string) =>
        names.map((field) => ({ line: 1, field, what, found: '', expected: '' }))
      const { missing, unknown, doubled } = outcome
      return {
        problems: [
          ...named(missing, '見出しにありません'),
          ...named(unknown, 'この種類のファイルにはない見出しです'),
          ...named(doubled, '見出しに2回あります'),
        ],
        further: 0,
      }
    }
    case 'not-text':
      return single({ field: '', what: notText[outcome.because] })
    case 'empty':
      return single({ field: '', what: 'ファイルに行がありません' })
    default:
      return undefined
  }
}

const single = (problem: Pick<FileProblem, 'line' | 'field' | 'what'>): FileProblems => ({
  problems: [{ found: '', expected: '', ...problem }],
  further: 0,
})

const ofZengin = ({ kind, record, recordType, field, offset, found, expected }: ZenginProblem): FileProblem => {
  const isType = kind === 'other-format'
  const place = field && `${field.name}（${field.at}〜${field.at + field.length - 1}桁目）`
  return {
    ...(record > 0 && { line: record }),
    field:
      [recordType && `${recordNames[recordType]}レコード`, place].filter(Boolean).join(' ') ||
      (record > 0 ? `${offset}バイト目` : ''),
    what: zenginWords[kind],
    found: isType ? fileName(found ?? '') : (found ?? ''),
    expected: isType ? fileName(expected ?? '') : inJapanese(expected ?? ''),
  }
}

const ofCsv = ({ line, column, because, found }: CsvProblem): FileProblem => ({
  line,
  field: column ?? '',
  what: csvWords(because),
  found: found ?? '',
  expected: '',
})

const zenginWords: Readonly<Record<ZenginProblem['kind'], string>> = {
  empty: 'ファイルが空です',
  'utf-8':
    'UTF-8に変換されています。全銀形式は1文字1バイト（JIS X 0201）です。変換せずに、受け取ったままのファイルをお使いください',
  'utf-16':
    'UTF-16に変換されています。全銀形式は1文字1バイト（JIS X 0201）です。受け取ったままのファイルをお使いください',
  ebcdic: 'EBCDIC（コード区分 1）のファイルです。JIS（コード区分 0）のファイルをお使いください',
  'other-format': '別の種類のファイルです',
  'mixed-separators': '改行の種類が混ざっています',
  'record-length': 'レコードの長さが違います',
  truncated: 'レコードの途中でファイルが終わっています',
  'unknown-record-type': 'このデータ区分はありません',
  order: 'レコードの順序が違います',
  'no-end': 'エンドレコードがありません。ファイルが途中で切れている可能性があります',
  'after-end': 'エンドレコードの後に続きがあります',
  'not-digits': '数字（右詰め、前を0で埋める）だけが使えます',
  'not-single-byte': '1バイトの文字（JIS X 0201）だけが使えます',
  'not-a-code': '数字1桁か英大文字1字だけが使えます',
  'not-allowed': 'この値は使えません',
  'no-such-day': '実在しない日付です',
  'outside-period': 'ヘッダーの勘定日の範囲外です',
  'no-amount': '金額がありません',
  'two-amounts': '金額が2つあります。どちらか1つだけが正しい値です',
  'mixed-forms': '振込入金通知のA形式とB形式が混ざっています',
  'trailer-mismatch': 'トレーラーの値が、データレコードの合計と合いません',
  'request-file':
    '口座振替の「結果」ではなく「依頼」のファイルです（振替結果コードがすべて0で、振替済件数が0件）。結果として取り込むと全員が入金済みになるため、取り込みません',
}

const notText: Readonly<Record<Extract<UploadOutcome['outcome'], { kind: 'not-text' }>['because'], string>> = {
  'utf-16': 'UTF-16のファイルです。UTF-8かShift_JIS（CP932）で保存し直してください',
  'broken-utf-8': 'UTF-8として読めない文字があります。保存し直してください',
  neither: '文字コードがUTF-8でもShift_JIS（CP932）でもありません',
  binary: '文字のファイルではありません（Excelのブックなどは、CSVで保存し直してください）',
}

const brokenCsv: Readonly<Record<string, string>> = {
  'a cell opens with a quote that is never closed': '開いた引用符 " が閉じられていません',
  'a quote stands inside a cell that does not begin with one': 'セルの途中に引用符 " があります',
  'something follows the closing quote of a cell': '閉じた引用符 " の後に文字があります',
  'a record is longer than 64 KB: a closing quote may be missing':
    '1行が64KBを超えています。引用符 " が閉じられていない可能性があります',
}

/** The reader tells an engineer in English; a sentence without words here is shown as it is, never swallowed. */
const csvWords = (because: string): string => {
  for (const [pattern, words] of csvPatterns) {
    const parts = pattern.exec(because)
    if (parts !== null) return words(parts.slice(1))
  }
  return because
}

const csvPatterns: readonly (readonly [RegExp, (parts: readonly string[]) => string])[] = [
  [/^empty$/, () => '入力がありません'],
  [
    /^the row has (\d+) cells and the header (\d+)$/,
    ([row, header]) => `列の数が${row}で、見出しの${header}と違います`,
  ],
  [/^not (\d+) digits$/, ([digits]) => `${digits}桁の数字ではありません`],
  [/^not in virtualAccounts/, () => '設定（virtualAccounts）にない銀行または支店です'],
  [/^not 普通 \(1\), 当座 \(2\) or 貯蓄 \(4\)$/, () => '普通（1）、当座（2）、貯蓄（4）のどれでもありません'],
  [/^not 速報, 確報 or 取消$/, () => '速報、確報、取消のどれでもありません'],
  [/^no day with hour and minute/, () => '日時が読めません（例：2026-11-24 10:15）'],
  [/^there is no such day or time$/, () => '実在しない日時です'],
  [/^after the day the file came, (.+)$/, ([day]) => `ファイルの受付日（${day}）より後です`],
  [/^longer ago than five years$/, () => '5年より前の日付です'],
  [/^44 digits that are no barcode/, () => 'バーコード44桁のチェックデジットが合いません'],
  [/^the slip of another/, () => '別の請求書発行企業コードの払込票です'],
  [/^neither a slip number/, () => '払込票の番号（21桁まで）でもバーコードの44桁でもありません'],
  [/^not the amount of the barcode$/, () => 'バーコードの金額と違います'],
  [/^no amount in whole yen$/, () => '円単位の金額ではありません'],
  [/^no amount$/, () => '金額がありません'],
]

const fileName = (codes: string): string =>
  inJapanese(codes).replace(/[0-9]{2}/g, (code) => (fileTypes[code] ? `${code}（${fileTypes[code]}）` : code))

/** What the readers say of the value that they expected, in a handful of English words. */
const inJapanese = (expected: string): string =>
  expected
    .replace(/^(\d{4}-\d{2}-\d{2}) or later$/, '$1以後')
    .replace(/^no line breaks as after/, '改行なし（as after')
    .replace(/^(CRLF|LF|CR|the same) as after/, '$1（as after')
    .replace('as after the first record', '1件目と同じ）')
    .replace('the same（', '（')
    .replace(/(\d+) bytes/g, '$1バイト')
    .replace('more than ', '')
    .replace('data or trailer', 'データまたはトレーラー')
    .replace('header or end', 'ヘッダーまたはエンド')
    .replace(/^header$/, 'ヘッダー')
    .replace(/^nothing$/, 'なし')
    .replace(/, | or /g, '、')
    .replace('blank', '空白')
