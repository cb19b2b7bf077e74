import { masksOf, type RecordValues, writeRecord } from './zengin.format.ts'
import type { ZenginFormat } from './zengin-reader.format.ts'

/** 預金口座振替: one layout for the request and for its result, 120 bytes a record. The reader and the writer both use it. */
export const recordLength91 = 120

export const layout91 = {
  header: {
    recordType: { name: 'データ区分', at: 1, length: 1, type: 'N', is: '1' },
    typeCode: { name: '種別コード', at: 2, length: 2, type: 'N', is: '91' },
    /** 0 is JIS; 1, EBCDIC, is refused: nobody should find it in a file that came over the net. */
    characterCode: { name: 'コード区分', at: 4, length: 1, type: 'N', is: '0' },
    originatorCode: { name: '委託者コード', at: 5, length: 10, type: 'N' },
    originatorName: { name: '委託者名', at: 15, length: 40, type: 'C' },
    debitDay: { name: '引落日', at: 55, length: 4, type: 'N' },
    bankCode: { name: '取引銀行番号', at: 59, length: 4, type: 'N' },
    bankName: { name: '取引銀行名', at: 63, length: 15, type: 'C' },
    branchCode: { name: '取引支店番号', at: 78, length: 3, type: 'N' },
    branchName: { name: '取引支店名', at: 81, length: 15, type: 'C' },
    accountType: { name: '預金種目', at: 96, length: 1, type: 'N' },
    accountNumber: { name: '口座番号', at: 97, length: 7, type: 'N' },
    filler: { name: 'ダミー', at: 104, length: 17, type: 'C' },
  },
  data: {
    recordType: { name: 'データ区分', at: 1, length: 1, type: 'N', is: '2' },
    bankCode: { name: '引落銀行番号', at: 2, length: 4, type: 'N' },
    bankName: { name: '引落銀行名', at: 6, length: 15, type: 'C' },
    branchCode: { name: '引落支店番号', at: 21, length: 3, type: 'N' },
    branchName: { name: '引落支店名', at: 24, length: 15, type: 'C' },
    filler: { name: 'ダミー', at: 39, length: 4, type: 'C' },
    accountType: { name: '預金種目', at: 43, length: 1, type: 'N' },
    accountNumber: { name: '口座番号', at: 44, length: 7, type: 'N' },
    payerName: { name: '預金者名', at: 51, length: 30, type: 'C' },
    amount: { name: '引落金額', at: 81, length: 10, type: 'N' },
    newCode: { name: '新規コード', at: 91, length: 1, type: 'N' },
    customerNumber: { name: '顧客番号', at: 92, length: 20, type: 'text' },
    resultCode: { name: '振替結果コード', at: 112, length: 1, type: 'code' },
    filler2: { name: 'ダミー', at: 113, length: 8, type: 'C' },
  },
  trailer: {
    recordType: { name: 'データ区分', at: 1, length: 1, type: 'N', is: '8' },
    totalCount: { name: '合計件数', at: 2, length: 6, type: 'N' },
    totalAmount: { name: '合計金額', at: 8, length: 12, type: 'N' },
    paidCount: { name: '振替済件数', at: 20, length: 6, type: 'N' },
    paidAmount: { name: '振替済金額', at: 26, length: 12, type: 'N' },
    failedCount: { name: '振替不能件数', at: 38, length: 6, type: 'N' },
    failedAmount: { name: '振替不能金額', at: 44, length: 12, type: 'N' },
    filler: { name: 'ダミー', at: 56, length: 65, type: 'C' },
  },
  end: {
    recordType: { name: 'データ区分', at: 1, length: 1, type: 'N', is: '9' },
    filler: { name: 'ダミー', at: 2, length: 119, type: 'C' },
  },
} as const

export const format91: ZenginFormat = {
  typeCode: layout91.header.typeCode.is,
  recordLength: recordLength91,
  layout: layout91,
  masks: masksOf(layout91, recordLength91),
}

export type Header91 = RecordValues<typeof layout91.header>
export type Debit91 = RecordValues<typeof layout91.data>

/** One account's part of a file. */
export interface Group91 {
  readonly header: Header91
  readonly debits: Iterable<Debit91>
}

export interface Writing91 {
  readonly separator?: '' | '\r\n' | '\n' | '\r'
  /** A request has every 振替結果コード 0 and leaves the counters of the result at zero. */
  readonly as?: 'result' | 'request'
}

/** A whole file, record by record, its trailers counted and summed up on the way. */
export function* write91(groups: Iterable<Group91>, { separator = '\r\n', as = 'result' }: Writing91 = {}) {
  const end = Buffer.from(separator)
  for (const { header, debits } of groups) {
    yield Buffer.concat([writeRecord(layout91.header, recordLength91, header), end])
    const sums = { totalCount: 0, totalAmount: 0, paidCount: 0, paidAmount: 0, failedCount: 0, failedAmount: 0 }
    for (const debit of debits) {
      const amount = Number(debit.amount ?? 0)
      sums.totalCount++
      sums.totalAmount += amount
      const isPaid = debit.resultCode === '0'
      if (as === 'result') sums[isPaid ? 'paidCount' : 'failedCount']++
      if (as === 'result') sums[isPaid ? 'paidAmount' : 'failedAmount'] += amount
      yield Buffer.concat([writeRecord(layout91.data, recordLength91, debit), end])
    }
    const counters = Object.fromEntries(Object.entries(sums).map(([key, value]) => [key, String(value)]))
    yield Buffer.concat([writeRecord(layout91.trailer, recordLength91, counters), end])
  }
  yield Buffer.concat([writeRecord(layout91.end, recordLength91, {}), end])
}
