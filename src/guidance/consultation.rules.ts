import type { ConsultationDetails } from '#answers'

export type TypedConsultation = {
  readonly topic: string | undefined
  readonly callTime: string | undefined
  readonly reachBy: string | undefined
}

export const topics: Readonly<Record<NonNullable<ConsultationDetails['topic']>, string>> = {
  'part-only': '一部だけ支払いたい',
  'another-day': '支払日を変えたい',
  instalments: '分割にしたい',
  'unknown-claim': '請求に心当たりがない',
  other: 'その他',
}

export const callTimes: Readonly<Record<NonNullable<ConsultationDetails['callTime']>, string>> = {
  any: 'いつでもよい',
  morning: '午前',
  afternoon: '午後',
  evening: '夕方以降',
}

export const ways: Readonly<Record<NonNullable<ConsultationDetails['reachBy']>, string>> = {
  phone: '電話',
  sms: '電話は難しいので、SMSでの連絡を希望する',
  letter: '電話は難しいので、書面での連絡を希望する',
}

/** Whatever of it makes sense: everything is optional. */
export function readConsultation({ topic, callTime, reachBy }: TypedConsultation): ConsultationDetails {
  return {
    ...(isOneOf(topics, topic) && { topic }),
    ...(isOneOf(callTimes, callTime) && { callTime }),
    ...(isOneOf(ways, reachBy) && { reachBy }),
  }
}

function isOneOf<K extends string>(choices: Readonly<Record<K, string>>, text: string | undefined): text is K {
  return text !== undefined && Object.hasOwn(choices, text)
}
