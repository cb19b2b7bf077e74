/** What of a customer may be shown in clear, each by itself. */
export const revealFieldNames = {
  name: 'お名前（カナ）',
  phone: '携帯電話番号',
  'birth-date': '生年月日',
  'customer-number': '顧客番号',
  'contract-numbers': '契約番号',
} as const

export type RevealField = keyof typeof revealFieldNames

/** Why it is looked at: one of a few, so that an auditor can count them. */
export const revealReasons = {
  'call-back': '折り返しのお電話のため',
  letter: '書面の送付のため',
  'identify-caller': 'お電話の方の確認のため',
  'correct-record': '登録内容の訂正のため',
  inquiry: '照会への回答のため',
} as const

export type RevealReason = keyof typeof revealReasons

/** Long enough to dial a number, too short to leave the screen open over lunch. */
export const revealMinutes = 10

export const isRevealField = (text: string | undefined): text is RevealField =>
  text !== undefined && Object.hasOwn(revealFieldNames, text)

export const isRevealReason = (text: string | undefined): text is RevealReason =>
  text !== undefined && Object.hasOwn(revealReasons, text)
