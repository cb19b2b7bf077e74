import { masksOf } from './zengin.format.ts'
import type { ZenginFormat } from './zengin-reader.format.ts'

/** 入出金取引明細 of 普通, 当座 and 貯蓄 accounts: 200 bytes a record. */
const recordLength03 = 200

/** Balances and what belongs to bills and cheques are blank at many banks, and nothing here depends on them. */
export const layout03 = {
  header: {
    recordType: { name: 'データ区分', at: 1, length: 1, type: 'N', is: '1' },
    typeCode: { name: '種別コード', at: 2, length: 2, type: 'N', is: '03' },
    characterCode: { name: 'コード区分', at: 4, length: 1, type: 'N', is: '0' },
    madeOn: { name: '作成日', at: 5, length: 6, type: 'text' },
    fromDay: { name: '勘定日(自)', at: 11, length: 6, type: 'N' },
    toDay: { name: '勘定日(至)', at: 17, length: 6, type: 'N' },
    bankCode: { name: '銀行コード', at: 23, length: 4, type: 'N' },
    bankName: { name: '銀行名', at: 27, length: 15, type: 'C' },
    branchCode: { name: '支店コード', at: 42, length: 3, type: 'N' },
    branchName: { name: '支店名', at: 45, length: 15, type: 'C' },
    filler: { name: 'ダミー', at: 60, length: 3, type: 'text' },
    accountType: { name: '預金種目', at: 63, length: 1, type: 'N' },
    accountNumber: { name: '口座番号', at: 64, length: 10, type: 'N' },
    accountName: { name: '口座名', at: 74, length: 40, type: 'C' },
    overdrawn: { name: '貸越区分', at: 114, length: 1, type: 'text' },
    book: { name: '通帳・証書区分', at: 115, length: 1, type: 'text' },
    balanceBefore: { name: '取引前残高', at: 116, length: 14, type: 'text' },
    filler2: { name: 'ダミー', at: 130, length: 71, type: 'C' },
  },
  data: {
    recordType: { name: 'データ区分', at: 1, length: 1, type: 'N', is: '2' },
    inquiryNumber: { name: '照会番号', at: 2, length: 8, type: 'text' },
    accountDay: { name: '勘定日', at: 10, length: 6, type: 'N' },
    valueDay: { name: '預入・払出日', at: 16, length: 6, type: 'text' },
    /** 1 in, 2 out. */
    direction: { name: '入払区分', at: 22, length: 1, type: 'N' },
    kind: { name: '取引区分', at: 23, length: 2, type: 'N' },
    amount: { name: '取引金額', at: 25, length: 12, type: 'N' },
    ofWhichCheques: { name: 'うち他店券金額', at: 37, length: 12, type: 'text' },
    presentedOn: { name: '交換呈示日', at: 49, length: 6, type: 'text' },
    dishonouredOn: { name: '不渡返還日', at: 55, length: 6, type: 'text' },
    chequeKind: { name: '手形・小切手区分', at: 61, length: 1, type: 'text' },
    chequeNumber: { name: '手形・小切手番号', at: 62, length: 7, type: 'text' },
    otherBranch: { name: '僚店番号', at: 69, length: 3, type: 'text' },
    payerCode: { name: '振込依頼人コード', at: 72, length: 10, type: 'text' },
    payerName: { name: '振込依頼人名・契約者番号', at: 82, length: 48, type: 'C' },
    sendingBank: { name: '仕向銀行名', at: 130, length: 15, type: 'C' },
    sendingBranch: { name: '仕向店名', at: 145, length: 15, type: 'C' },
    remark: { name: '摘要内容', at: 160, length: 20, type: 'C' },
    ediText: { name: 'EDI情報', at: 180, length: 20, type: 'C' },
    filler: { name: 'ダミー', at: 200, length: 1, type: 'C' },
  },
  trailer: {
    recordType: { name: 'データ区分', at: 1, length: 1, type: 'N', is: '8' },
    inCount: { name: '入金件数', at: 2, length: 6, type: 'N' },
    inAmount: { name: '入金額合計', at: 8, length: 13, type: 'N' },
    outCount: { name: '出金件数', at: 21, length: 6, type: 'N' },
    outAmount: { name: '出金額合計', at: 27, length: 13, type: 'N' },
    overdrawn: { name: '貸越区分', at: 40, length: 1, type: 'text' },
    balanceAfter: { name: '取引後残高', at: 41, length: 14, type: 'text' },
    dataCount: { name: 'データ・レコード件数', at: 55, length: 7, type: 'N' },
    filler: { name: 'ダミー', at: 62, length: 139, type: 'C' },
  },
  end: {
    recordType: { name: 'データ区分', at: 1, length: 1, type: 'N', is: '9' },
    recordCount: { name: 'レコード総件数', at: 2, length: 10, type: 'N' },
    accountCount: { name: '口座数', at: 12, length: 5, type: 'N' },
    filler: { name: 'ダミー', at: 17, length: 184, type: 'C' },
  },
} as const

export const format03: ZenginFormat = {
  typeCode: layout03.header.typeCode.is,
  recordLength: recordLength03,
  layout: layout03,
  masks: masksOf(layout03, recordLength03),
}
