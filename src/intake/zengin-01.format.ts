import { masksOf } from './zengin.format.ts'
import type { ZenginFormat } from './zengin-reader.format.ts'

/** 預金口座への振込入金通知: 200 bytes a record, in two forms that differ behind byte 128 of a data record. */
const recordLength01 = 200

const header = {
  recordType: { name: 'データ区分', at: 1, length: 1, type: 'N', is: '1' },
  typeCode: { name: '種別コード', at: 2, length: 2, type: 'N', is: '01' },
  characterCode: { name: 'コード区分', at: 4, length: 1, type: 'N', is: '0' },
  madeOn: { name: '作成日', at: 5, length: 6, type: 'text' },
  fromDay: { name: '勘定日(自)', at: 11, length: 6, type: 'N' },
  toDay: { name: '勘定日(至)', at: 17, length: 6, type: 'N' },
  bankCode: { name: '銀行コード', at: 23, length: 4, type: 'N' },
  bankName: { name: '銀行名', at: 27, length: 15, type: 'C' },
  branchCode: { name: '支店コード', at: 42, length: 3, type: 'N' },
  branchName: { name: '支店名', at: 45, length: 15, type: 'C' },
  accountType: { name: '預金種目', at: 60, length: 1, type: 'N' },
  accountNumber: { name: '口座番号', at: 61, length: 7, type: 'N' },
  accountName: { name: '口座名', at: 68, length: 40, type: 'C' },
  filler: { name: 'ダミー', at: 108, length: 93, type: 'C' },
} as const

/** What both forms have. Banks leave blank what they have no use for, and none of that is the money or its day. */
const dataUpTo128 = {
  recordType: { name: 'データ区分', at: 1, length: 1, type: 'N', is: '2' },
  inquiryNumber: { name: '照会番号', at: 2, length: 6, type: 'text' },
  accountDay: { name: '勘定日', at: 8, length: 6, type: 'N' },
  valueDay: { name: '起算日', at: 14, length: 6, type: 'text' },
  amount: { name: '金額', at: 20, length: 10, type: 'N' },
  ofWhichCheques: { name: 'うち他店券金額', at: 30, length: 10, type: 'text' },
  payerCode: { name: '振込依頼人コード', at: 40, length: 10, type: 'text' },
  payerName: { name: '振込依頼人名', at: 50, length: 48, type: 'C' },
  sendingBank: { name: '仕向銀行名', at: 98, length: 15, type: 'C' },
  sendingBranch: { name: '仕向店名', at: 113, length: 15, type: 'C' },
  reversal: { name: '取消区分', at: 128, length: 1, type: 'text' },
} as const

const trailer = {
  recordType: { name: 'データ区分', at: 1, length: 1, type: 'N', is: '8' },
  transferCount: { name: '振込合計件数', at: 2, length: 6, type: 'N' },
  transferAmount: { name: '振込合計金額', at: 8, length: 12, type: 'N' },
  reversalCount: { name: '取消合計件数', at: 20, length: 6, type: 'N' },
  reversalAmount: { name: '取消合計金額', at: 26, length: 12, type: 'N' },
  filler: { name: 'ダミー', at: 38, length: 163, type: 'C' },
} as const

const end = {
  recordType: { name: 'データ区分', at: 1, length: 1, type: 'N', is: '9' },
  filler: { name: 'ダミー', at: 2, length: 199, type: 'C' },
} as const

export const layout01 = {
  header,
  data: {
    ...dataUpTo128,
    ediText: { name: 'EDI情報', at: 129, length: 20, type: 'C' },
    filler: { name: 'ダミー', at: 149, length: 52, type: 'C' },
  },
  trailer,
  end,
} as const

/** Form B, for amounts of more than ten digits. Read by the masks of form A, whose text there may be digits as well. */
export const layout01B = {
  header,
  data: {
    ...dataUpTo128,
    amount: { ...dataUpTo128.amount, name: '金額(1)' },
    ofWhichCheques: { ...dataUpTo128.ofWhichCheques, name: 'うち他店券金額(1)' },
    amount2: { name: '金額(2)', at: 129, length: 12, type: 'N' },
    ofWhichCheques2: { name: 'うち他店券金額(2)', at: 141, length: 12, type: 'N' },
    ediText: { name: 'EDI情報', at: 153, length: 20, type: 'C' },
    filler: { name: 'ダミー', at: 173, length: 28, type: 'C' },
  },
  trailer,
  end,
} as const

export const format01: ZenginFormat = {
  typeCode: header.typeCode.is,
  recordLength: recordLength01,
  layout: layout01,
  masks: masksOf(layout01, recordLength01),
}
