import type { CurrentAnswer, ListedAnswer } from '#answers'
import { callTimes, consultationWays, paidMethods, topics } from '#guidance'
import { japaneseDay } from '#values/day'

export const answerKinds: Readonly<Record<CurrentAnswer['kind'], string>> = {
  'already-paid': 'お支払い済み',
  promise: 'お支払いのご予定',
  consultation: 'ご相談',
  cancelled: '取消',
}

/** What an answer says besides its kind. */
export const answerContent = ({
  kind,
  promisedDay,
  details,
}: Pick<ListedAnswer, 'kind' | 'promisedDay' | 'details'>): string => {
  switch (kind) {
    case 'promise':
      return promisedDay === null ? '' : `${japaneseDay(promisedDay)}まで`
    case 'already-paid':
      return [details.paidOn && japaneseDay(details.paidOn), details.method && paidMethods[details.method]]
        .filter(Boolean)
        .join('　')
    case 'consultation':
      return consultationContent(details)
    case 'cancelled':
      return 'ご予定の取消'
  }
}

/** The words of a work item's or an answer's details; what we have no word for is left out. */
export const consultationContent = (details: {
  readonly topic?: string
  readonly callTime?: string
  readonly reachBy?: string
}): string =>
  [
    wordOf(topics, details.topic),
    details.callTime !== undefined && `電話は${wordOf(callTimes, details.callTime) ?? ''}`,
    details.reachBy !== undefined && details.reachBy !== 'phone' && wordOf(consultationWays, details.reachBy),
  ]
    .filter((words) => words !== undefined && words !== false && words !== '')
    .join('・')

/** Whether the customer did it, somebody for them, or the program. */
export const answeredByWords = (answeredBy: string): string =>
  answeredBy === 'customer' ? 'お客様' : answeredBy === 'system' ? '自動' : '代理入力'

const wordOf = (words: Readonly<Record<string, string>>, key: string | undefined): string | undefined =>
  key !== undefined && Object.hasOwn(words, key) ? words[key] : undefined
