import type { AnswerRequest } from '#answers'
import { consultationWays, paidMethods, topics } from '#guidance'
import type { Fields } from '#platform/http/http'
import { addDays, type Day, parseDay } from '#values/day'
import type { FieldProblem } from './form.views.ts'

type Read = { readonly request: AnswerRequest } | { readonly problems: readonly FieldProblem[] }

/** Who paid longer ago has been asked about it already. */
const paidDaysBack = 14

/** What a caller tells, as the customer's own pages would have sent it. */
export const readAnswer = (form: Fields, today: Day): Read => {
  const { answer = '' } = form
  if (answer.startsWith('promise:')) {
    const [day, shownOn] = [parseDay(answer.slice('promise:'.length)), parseDay(form.shownOn ?? '')]
    if (day === undefined || shownOn === undefined) return unclear
    return { request: { kind: 'promise', day, shownOn } }
  }
  if (answer === 'consultation') {
    const { topic, reachBy } = form
    const details = {
      ...(isKey(topics, topic) && { topic }),
      ...(isKey(consultationWays, reachBy) && { reachBy }),
    }
    return { request: { kind: 'consultation', details } }
  }
  if (answer !== 'already-paid') return unclear
  const paidOn = parseDay(form.paidOn ?? '')
  if (form.paidOn && (paidOn === undefined || paidOn > today || paidOn < addDays(today, -paidDaysBack)))
    return {
      problems: [
        { field: 'paidOn', text: `お支払いの日は、今日から${paidDaysBack}日前までの日付で入力してください。` },
      ],
    }
  const details = { ...(paidOn && { paidOn }), ...(isKey(paidMethods, form.method) && { method: form.method }) }
  return { request: { kind: 'already-paid', details } }
}

const unclear: Read = { problems: [{ field: 'main', text: 'ご回答を1つ選んでください。' }] }

const isKey = <T extends object>(words: T, text: string | undefined): text is Extract<keyof T, string> =>
  text !== undefined && Object.hasOwn(words, text)
