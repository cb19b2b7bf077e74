import { holdNames } from './contact-words.rules.ts'
import { roleNames } from './roles.rules.ts'

/** What was done, as it is called on the screen; in the order of the day's work, for the list to choose from. */
export const auditWords: Readonly<Record<string, string>> = {
  'upload.received': 'ファイルを受け付けた',
  'upload.refused': 'ファイルを取り込めなかった',
  'import.customers': 'お客様・ご契約を取り込んだ',
  'import.debits': '振替結果を取り込んだ',
  'import.deposits': '入金を取り込んだ',
  'import.accounts': '仮想口座を取り込んだ',
  'import.settled': '取込で入金済みになった',
  'import.undone': '取込を取り消した',
  'import.rejected-read': '取り込めなかった行を書き出した',
  'account.assigned': '仮想口座を割り当てた',
  'campaign.planned': '配信を計画した',
  'campaign.text-written': '文面を保存した',
  'campaign.test-sent': 'テスト送信をした',
  'campaign.approval-asked': '承認を依頼した',
  'campaign.approval-returned': '承認の依頼を差し戻した',
  'campaign.approval-withdrawn': '承認の依頼を取り下げた',
  'campaign.approval-voided': '承認の依頼が無効になった',
  'campaign.approved': '配信を承認した',
  'campaign.paused': '配信を一時停止した',
  'campaign.resumed': '配信を再開した',
  'campaign.cancelled': '配信を中止した',
  'campaign.excluded-exported': '除外の一覧を書き出した',
  'customer.searched': 'お客様を検索した',
  'case.viewed': 'お客様の画面を開いた',
  'person.revealed': '個人情報を表示した',
  'caller.checked': '本人確認の照合をした',
  'note.written': 'メモを書いた',
  'caller.check-refused': '照合の上限に達した',
  'wish.noted': '連絡の希望を記録した',
  'hold.placed': '連絡を停止した',
  'hold.released': '連絡停止を解除した',
  'answer.recorded': 'ご回答を記録した',
  'promise.kept': 'ご予定どおり入金された',
  'promise.broken': 'ご予定の日に入金がなかった',
  'promise.cancelled': 'ご予定が取り消された',
  'work-item.closed': '対応済みにした',
  'work-item.reopened': '未対応に戻した',
  'deposit.matched': '入金を消し込んだ',
  'deposit.taken-apart': '消込を取り消した',
  'deposit.refunded': '過入金を返金した',
  'deposit.payer-read': '振込名義を表示した',
  'ledger.changed': '入金の充当が変わった',
  'slip.issued': '払込票を発行した',
  'card.begun': 'カード払いを始めた',
  'card.paid': 'カードで支払われた',
  'card.failed': 'カードで支払えなかった',
  'card.refunded': 'カードの支払いを返した',
  'identity.tried': '本人認証を試した',
  'identity.paused': '認証番号の発行を止めた',
  'identity.unlocked': '本人認証の停止を解除した',
  'code.accepted': '認証番号が一致した',
  'code.refused': '認証番号が一致しなかった',
  'visit.opened': '手続きの画面に入った',
  'visit.ended': '手続きの画面を終えた',
  'list.exported': '一覧を書き出した',
  'session.opened': 'サインインした',
  'session.ended': 'サインアウトした',
  'session.refused': 'サインインできなかった',
  'console.refused': '権限のない操作をした',
  'audit.checked': '監査ログを確認した',
}

/** An act without a word is shown by its own name: nothing of the log is left out. */
export const auditWord = (act: string): string => auditWords[act] ?? act

/** What every fact is called; the rest keep the names that the program gives them. */
const factNames: Readonly<Record<string, string>> = {
  reason: '理由',
  because: '理由',
  import: '取込',
  campaign: '配信',
  case: '案内対象',
  bills: 'ご請求',
  amount: '金額',
  kind: '種類',
  day: '日',
  count: '件数',
  path: '画面',
  list: '一覧',
  lines: '行',
  promisedDay: 'ご予定の日',
  receiptNumber: '受付番号',
  version: '版',
  roles: '役割',
  sessionId: 'セッション',
  answerId: '回答',
  settled: '入金済みになったご請求',
  reopened: '未入金に戻ったご請求',
  documentDay: '書面の日',
  may: '権限',
  filters: '条件',
  encoding: '文字コード',
  debits: '振替結果',
  bytes: 'バイト',
  holdId: '停止',
  noteId: 'メモ',
  caseId: '案内対象',
  depositId: '入金',
  visitId: '画面の利用',
  challengeId: '認証',
  workItemId: '対応',
  receivedDay: '受領日',
  asked: '照合した項目',
  by: '検索の項目',
  found: '見つかった人数',
  hasMore: '続きあり',
  field: '項目',
  how: '方法',
  until: '期限',
  rows: '行',
  verdict: '結果',
  answers: '回答',
  deposits: '入金',
  matched: '照合済み',
  unmatched: '未照合',
  failed: '失敗',
}

/** Values that a person would not know by the program's name. */
const valueNames: Readonly<Record<string, string>> = {
  ...roleNames,
  ...holdNames,
  true: 'はい',
  false: 'いいえ',
  name: 'お名前',
  family: '姓',
  given: '名',
  'full-name': '姓名',
  birthDate: '生年月日',
  phone: '携帯電話番号',
  'phone-last4': '電話番号の下4桁',
  numbers: '番号',
}

const valueName = (value: string): string => (Object.hasOwn(valueNames, value) ? (valueNames[value] ?? value) : value)

/** One line of what is written with an act. Ids are shortened, and of lists only the length is told: the file has it all. */
export const factsWords = (facts: Readonly<Record<string, unknown>>): string => {
  const line = Object.entries(facts)
    .flatMap(([name, value]) => {
      const words = valueWords(value)
      return words === undefined ? [] : [`${factNames[name] ?? name}：${words}`]
    })
    .join('、')
  return line.length > factsLengthMax ? `${line.slice(0, factsLengthMax)}…` : line
}

const factsLengthMax = 160

/** Undefined for what says nothing. */
const valueWords = (value: unknown): string | undefined => {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'string')
    return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value) ? `…${value.slice(-6)}` : valueName(value)
  if (Array.isArray(value)) return listWords(value)
  if (typeof value === 'object') return factsWords(value as Readonly<Record<string, unknown>>) || undefined
  return valueName(String(value))
}

const listWords = (list: readonly unknown[]): string | undefined => {
  if (list.length === 0) return undefined
  const isShort = list.length <= 6 && list.every((item) => typeof item === 'string' && item.length <= 20)
  return isShort ? list.map((item) => valueName(String(item))).join('・') : `${list.length}件`
}
