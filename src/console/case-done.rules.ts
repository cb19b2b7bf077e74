/** What was done on a case, named in the address that the act leads to. */
const doneWords = {
  note: 'メモを記録しました。',
  held: '連絡を停止しました。これよりSMSは送信されません。お客様の画面も終了しました。',
  'held-quietly': '連絡を停止しました。これよりSMSは送信されません。',
  released: '連絡停止を解除しました。',
  answered: '代理でご回答を記録しました。受付番号をお伝えください。',
  'promise-cancelled': 'お支払いのご予定を取り消しました。',
  wishes: 'ご連絡の希望を記録しました。',
  unlocked: '本人認証の回数制限を解除しました。お客様はいますぐお試しいただけます。',
  revealed: '表示したことを記録しました。',
} as const

export type DoneInCase = keyof typeof doneWords

export const doneInCase = (named: string | undefined): string | undefined =>
  named !== undefined && Object.hasOwn(doneWords, named) ? doneWords[named as DoneInCase] : undefined
