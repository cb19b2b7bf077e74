import type { HoldReason } from '#answers'
import type { NoticeTextProblem } from '#messages'
import type {
  ApproveRequestOutcome,
  CampaignState,
  ContactRule,
  ControlCampaignOutcome,
  EndRequestOutcome,
  RequestOutcome,
} from '#outreach'

/** What the console says about campaigns, in the words of those who plan and approve them. */

/** Why somebody gets no notice; a new rule or hold does not compile without words. */
const rules: Readonly<
  Record<
    Exclude<ContactRule, 'hold' | 'told-us'> | `hold-${HoldReason}` | `told-${'already-paid' | 'consultation'}`,
    string
  >
> = {
  paid: 'ご入金確認済み',
  'product-excluded': '対象外の商品',
  'result-code': '資金不足以外の振替結果',
  'legal-hold': '受任通知',
  'hold-legal': '受任通知',
  'hold-death': '連絡停止（ご逝去）',
  'hold-dispute': '連絡停止（ご請求に異議）',
  'hold-hardship': '連絡停止（ご事情）',
  'hold-wrong-number': '連絡停止（番号違い）',
  'live-promise': 'お支払いのご予定の期日前',
  'told-already-paid': 'お支払い済みのご連絡',
  'told-consultation': 'ご相談中',
  'redebit-planned': '再振替の手続き中',
  'cap-per-day': '1日の上限',
  'cap-in-7-days': '7日間の上限',
  'cap-per-case': '1案内あたりの上限',
  text: '文面が送信できない状態',
  days: '配信しない日',
  hours: '配信時間外',
}

const others: Readonly<Record<string, string>> = {
  withdrawn: 'ご請求の取り下げ',
  'no-facts': '案内対象なし',
  cancelled: '配信の中止',
  busy: 'ほかの手続き中（まもなく再判定）',
  'expired-before-sending': '送信期限切れ',
  'its-time-has-passed': '送信期限切れ',
  'reason-not-kept': '記録の保存期間が終了',
}

export const reasonWords = (because: string): string => {
  const words: Readonly<Record<string, string>> = { ...rules, ...others }
  return Object.hasOwn(words, because) ? (words[because] ?? because) : because
}

export type StateWords = { readonly words: string; readonly tone: 'go' | 'warn' | 'stop' | 'plain' }

export const stateWords = (state: CampaignState, { isAsked }: { readonly isAsked: boolean }): StateWords => {
  switch (state.kind) {
    case 'not-approved':
      return isAsked ? { words: '承認待ち', tone: 'warn' } : { words: '下書き', tone: 'plain' }
    case 'sending':
      return { words: '送信中', tone: 'go' }
    case 'outside-hours':
      return { words: '送信時間外', tone: 'warn' }
    case 'paused':
      return { words: '一時停止中', tone: 'stop' }
    case 'cancelled':
      return { words: '中止', tone: 'stop' }
    case 'expired':
      return { words: '期限切れ', tone: 'stop' }
    case 'through':
      return { words: '送信完了', tone: 'go' }
  }
}

/** What was just done, named in the address that the act leads to. */
export const doneWords = {
  planned: '対象を確定しました。文面をご確認のうえ、承認を依頼してください。',
  'text-written': '文面を保存しました。',
  'text-written-void':
    '文面を保存しました。内容が変わったため、前の承認依頼は無効になりました。もう一度依頼してください。',
  'text-unchanged': '文面は変わっていません。',
  asked: '承認を依頼しました。承認者の画面に表示されます。',
  withdrawn: '承認依頼を取り下げました。',
  returned: '差し戻しました。',
  approved: '承認しました。送信できる時間になりしだい、送信を始めます。',
  paused: '一時停止しました。',
  resumed: '再開しました。1件ごとにルールを確認し直して送信します。',
  cancelled: '中止しました。',
  tested: 'テスト送信が届きました。',
} as const
export type Done = keyof typeof doneWords
export const doneOf = (named: string | undefined): string | undefined =>
  named !== undefined && Object.hasOwn(doneWords, named) ? doneWords[named as Done] : undefined

type Because<O> = O extends { readonly kind: 'refused' | 'void'; readonly because: infer B } ? B : never
export type RefusalCode =
  | Because<ApproveRequestOutcome | RequestOutcome | EndRequestOutcome | ControlCampaignOutcome>
  | 'stale'
  | 'test-failed'
  | 'unsent-differs'
  | 'no-test-phone'

/** Why nothing was done, and what to do about it. */
const refusals: Readonly<Record<RefusalCode, { readonly words: string; readonly field?: string }>> = {
  'no-such-campaign': { words: 'この配信は見つかりません。' },
  'already-approved': { words: 'この配信はすでに承認されています。' },
  'already-asked': { words: 'すでに承認を依頼しています。' },
  'nothing-to-send': { words: '送信する方がいません。' },
  'rules-changed': {
    words: '計画のあとにルールまたは設定が変わったため、この計画では送信できません。もう一度計画してください。',
  },
  'text-changed': {
    words: '文面が、いまの設定では送信できないものになっています。文面を直してから、もう一度承認を依頼してください。',
  },
  'recipients-changed': {
    words:
      '承認を依頼したあとに、宛先の電話番号・送信者番号・対象のいずれかが変わったため、承認依頼は無効になりました。もう一度依頼してください。',
  },
  'not-asked': { words: '承認の依頼はありません（取り下げられたか、内容が変わって無効になりました）。' },
  'own-campaign': { words: 'ご自身が計画・文面の作成・承認の依頼をした配信は、承認も差し戻しもできません。' },
  'number-differs': { words: '入力された件数が、配信予定の件数と一致しません。', field: 'typed' },
  'not-own': { words: '取り下げは、この配信を計画・依頼した方だけができます。' },
  'reason-missing': { words: '差し戻しの理由を入力してください。', field: 'because' },
  'not-approved': { words: 'まだ承認されていません。何も送信されていません。' },
  'is-paused': { words: 'すでに一時停止しています。' },
  'is-running': { words: '一時停止していません。' },
  'is-cancelled': { words: 'すでに中止されています。中止した配信は元に戻せません。' },
  'is-through': { words: '送信はすべて終わっています。' },
  stale: {
    words: '画面を開いてから時間がたったため、何も変更していません。内容をご確認のうえ、もう一度お試しください。',
  },
  'test-failed': { words: 'テスト用の電話に届きませんでした。しばらくしてからもう一度お試しください。' },
  'no-test-phone': { words: 'この環境にはテスト用の電話がありません。' },
  'unsent-differs': { words: '入力された件数が、未送信の件数と一致しません。', field: 'unsent' },
}

export const refusalOf = (
  named: string | undefined,
): { readonly words: string; readonly field?: string } | undefined =>
  named !== undefined && Object.hasOwn(refusals, named) ? refusals[named as RefusalCode] : undefined

/** Why the last request is not open any more. */
export const voidWords = (because: string | null): string =>
  because === 'text-changed'
    ? '文面が変わりました。'
    : (refusalOf(because ?? undefined)?.words ?? '内容が変わりました。')

export const textProblemWords = (problem: NoticeTextProblem): string => {
  switch (problem.kind) {
    case 'unknown-placeholder':
    case 'value-missing':
    case 'value-with-line-break':
      return `「{${problem.name}}」は使えません。送信する文章をそのまま入力してください。`
    case 'stray-brace':
      return '「{」「}」は使えません。'
    case 'foreign-address':
      return `自社のドメインではないアドレスがあります：${problem.found}`
    case 'amount-of-money':
      return `金額は書けません：${problem.found}`
    case 'word-of-dunning':
      return `督促にあたる言葉は書けません：${problem.found}`
    case 'company-missing':
      return '会社名がありません。'
    case 'code-missing':
      return '認証番号がありません。'
    case 'address-missing':
      return 'ご案内サイトのアドレスがありません（前後は空白か改行で区切ってください）。'
    case 'carriage-return':
      return '使えない改行があります。'
    case 'half-character':
      return '文字が途中で切れています。'
    case 'empty':
      return '文面を入力してください。'
    case 'too-long':
      return `長すぎます（${problem.units}文字、上限${problem.unitsMax}文字）。`
    case 'too-many-parts':
      return `${problem.parts}通に分かれます。設定では${problem.partsMax}通までです。`
  }
}

/** Who did it: the operator's name where we know it. */
export const personWords = (actor: string, names: ReadonlyMap<string, string>): string => {
  if (actor === 'system') return '自動'
  if (actor.startsWith('cli:')) return `${actor.slice(4)}（コマンド）`
  const subject = actor.replace(/^operator:/, '')
  return names.get(subject) ?? subject
}

/** '0.4秒' */
export const secondsWords = (ms: number): string => `${(ms / 1_000).toFixed(1)}秒`

/** What an automatic pause says of itself. */
export const controlReasonWords = (because: string): string => {
  const [, refused] = /^gateway-refuses: (\d+) in a row$/.exec(because) ?? []
  if (refused !== undefined) return `通信事業者が${refused}件続けて受け付けませんでした`
  const [, failed, answers] = /^too-many-failures: (\d+) of the last (\d+)$/.exec(because) ?? []
  return failed === undefined ? because : `直近${answers}件のうち${failed}件が届きませんでした`
}
