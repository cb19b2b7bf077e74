import type { HoldReason } from '#answers'
import type { Fields } from '#platform/http/http'
import { type Day, parseDay } from '#values/day'
import { holdNames } from './contact-words.rules.ts'
import type { FieldProblem } from './form.views.ts'

type Problems = { readonly problems: readonly FieldProblem[] }

export type HoldForm = {
  readonly reason: HoldReason
  readonly documentDay: Day | undefined
  /** Only with a 受任通知, which always has both. */
  readonly notification: { readonly receivedDay: Day; readonly lawFirm: string } | undefined
}

/** Names of offices and reasons are lines, not letters. */
const lineMax = 100

/** What was typed about a hold, or what is missing of it. A 受任通知 is kept with who sent it and when it came. */
export const readHold = (form: Fields, today: Day): HoldForm | Problems => {
  const problems: FieldProblem[] = []
  const { reason } = form
  if (!isReason(reason)) return { problems: [{ field: 'reason', text: '理由を選んでください。' }] }
  const documentDay = dayTyped(form.documentDay)
  if (documentDay === 'malformed' || (documentDay !== undefined && documentDay > today))
    problems.push({ field: 'documentDay', text: '書面の日付は、今日までの日付で入力してください。' })
  if (reason !== 'legal') {
    if (problems.length > 0 || documentDay === 'malformed') return { problems }
    return { reason, documentDay, notification: undefined }
  }
  const receivedDay = dayTyped(form.receivedDay)
  const lawFirm = (form.lawFirm ?? '').trim()
  if (receivedDay === undefined || receivedDay === 'malformed' || receivedDay > today)
    problems.push({ field: 'receivedDay', text: '受任通知の受領日を、今日までの日付で入力してください。' })
  else if (documentDay !== undefined && documentDay !== 'malformed' && documentDay > receivedDay)
    problems.push({ field: 'documentDay', text: '書面の日付は、受領日以前の日付で入力してください。' })
  if (lawFirm === '') problems.push({ field: 'lawFirm', text: '法律事務所・司法書士事務所の名前を入力してください。' })
  if (lawFirm.length > lineMax) problems.push({ field: 'lawFirm', text: `${lineMax}文字までで入力してください。` })
  if (problems.length > 0 || documentDay === 'malformed' || receivedDay === undefined || receivedDay === 'malformed')
    return { problems }
  return { reason, documentDay, notification: { receivedDay, lawFirm } }
}

export const readRelease = (form: Fields): { readonly reason: HoldReason; readonly because: string } | Problems => {
  const { released } = form
  const because = (form.because ?? '').trim()
  if (!isReason(released)) return { problems: [{ field: 'released', text: '解除する停止を選んでください。' }] }
  if (because === '' || because.length > lineMax)
    return { problems: [{ field: 'because', text: `解除の理由を${lineMax}文字までで入力してください。` }] }
  return { reason: released, because }
}

const isReason = (text: string | undefined): text is HoldReason => text !== undefined && Object.hasOwn(holdNames, text)

const dayTyped = (text: string | undefined): Day | 'malformed' | undefined =>
  text === undefined || text.trim() === '' ? undefined : (parseDay(text.trim()) ?? 'malformed')
