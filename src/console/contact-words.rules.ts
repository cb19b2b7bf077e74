import type { HoldReason } from '#answers'
import type { ContactRule, NextContact, Reason } from '#outreach'
import { type Day, dayInJst, japaneseDay, timeInJst } from '#values/day'

/** What a rule is called where its verdict stands in a table; a new rule does not compile without words. */
export const ruleNames: Readonly<Record<ContactRule, string>> = {
  paid: 'ご入金',
  'product-excluded': '対象の商品',
  'result-code': '振替結果コード',
  'legal-hold': '受任通知',
  hold: '連絡停止',
  'live-promise': 'お支払いのご予定',
  'told-us': 'お客様のお申し出',
  'redebit-planned': '再振替',
  'cap-per-day': '1日の上限',
  'cap-in-7-days': '7日間の上限',
  'cap-per-case': '1件の上限',
  text: '文面',
  days: '配信しない日',
  hours: '時間帯',
}

export const holdNames: Readonly<Record<HoldReason, string>> = {
  legal: '受任通知',
  death: 'ご逝去',
  dispute: '請求内容のお問い合わせ',
  hardship: '生活のご事情',
  'wrong-number': '番号違い',
}

/** Why a notice is not sent, in one phrase. What nobody has listed stays as it is. */
export const becauseWords = (because: string): string =>
  Object.hasOwn(phrases, because) ? (phrases[because] ?? because) : because

const phrases: Readonly<Record<string, string>> = {
  paid: 'ご入金を確認済みです',
  withdrawn: 'ご請求が取り消されました',
  'product-excluded': '対象外のご契約です',
  'result-code': '資金不足以外の結果コードです',
  'legal-hold': '受任通知を受け取っています',
  'hold-legal': '受任通知を受け取っています',
  'hold-death': 'ご逝去のご連絡を受けています',
  'hold-dispute': '請求内容のお問い合わせを受けています',
  'hold-hardship': '生活のご事情を伺っています',
  'hold-wrong-number': '番号違いのご連絡を受けています',
  'live-promise': 'ご予定の日と銀行の反映を待っています',
  'told-already-paid': 'お支払い済みとのご連絡を確認しています',
  'told-consultation': 'ご相談を承っています',
  'redebit-planned': '再振替の結果を待っています',
  'cap-per-day': '本日の上限まで送っています',
  'cap-in-7-days': '7日間の上限まで送っています',
  'cap-per-case': '1件あたりの上限まで送っています',
  text: '文面が送信できる内容ではありません',
  days: '配信しない日です',
  hours: '連絡できる時間帯ではありません',
  busy: '同時に更新されていました',
  cancelled: '配信が取り消されました',
}

/** 11月27日（金）9:00 */
export const instantWords = (at: Date): string => {
  const { hour, minute } = timeInJst(at)
  return `${japaneseDay(dayInJst(at))}${hour}:${String(minute).padStart(2, '0')}`
}

/** The answer to "may I contact this person, when, why not?" in one line. */
export const nextContactWords = (
  { now, at }: Pick<NextContact, 'now' | 'at'>,
  { promisedDay, postingBankDays }: { readonly promisedDay: Day | undefined; readonly postingBankDays: number },
): { readonly when: string; readonly why: string; readonly basis: string | undefined } => {
  const stopping = now.chain.find(({ verdict }) => verdict !== 'pass')
  if (now.kind === 'send')
    return { when: 'いま', why: `本日 ${closingWords(now.validUntil)}まで。妨げる事由はありません`, basis: undefined }
  const why =
    now.because === 'live-promise' && promisedDay !== undefined
      ? `ご予定の日（${monthDay(promisedDay)}）と銀行の反映（${postingBankDays}営業日）を待っています`
      : becauseWords(now.because)
  return { when: at === undefined ? 'なし' : instantWords(at), why, basis: stopping?.basis }
}

/** What a rule saw, as far as it says something to an operator. */
export const seenWords = ({ facts, rule }: Reason): string => {
  const seen = facts as Readonly<Record<string, unknown>>
  switch (rule) {
    case 'cap-per-day':
    case 'cap-in-7-days':
    case 'cap-per-case':
      return `${Math.max(Number(seen.sent), Number(seen.sentToPhone))}通／${String(seen.max)}通`
    case 'live-promise':
      return typeof seen.quietUntil === 'string' ? `${japaneseDay(seen.quietUntil as Day)}まで` : ''
    case 'hold':
      return Array.isArray(seen.holds) ? seen.holds.map((hold) => holdNames[hold as HoldReason]).join('、') : ''
    case 'hours':
      return `${String(seen.time)}（${String(seen.opens)}〜${String(seen.closes)}）`
    case 'result-code':
      return Array.isArray(seen.codes) ? `コード ${seen.codes.join('、')}` : ''
    default:
      return ''
  }
}

const closingWords = (until: Date): string => {
  const { hour, minute } = timeInJst(until)
  return `${hour}:${String(minute).padStart(2, '0')}`
}

const monthDay = (day: Day): string => japaneseDay(day).replace(/（.*$/, '')
