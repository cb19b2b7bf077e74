import type { Creditor } from '#creditor'
import { noticeTemplate } from './creditor-texts.rules.ts'
import { checkTemplate, type TemplateProblem } from './template.rules.ts'

export type NoticeTextProblem = TemplateProblem | { readonly kind: 'address-missing' }

/**
 * May this text go to customers as a campaign's own? What the creditor's file is asked when it is read, and more: without
 * the site's address nobody could follow it. Placeholders are not known here: what is written is what leaves.
 */
export const checkNoticeText = (creditor: Creditor, text: string): readonly NoticeTextProblem[] => {
  const problems = checkTemplate({ ...noticeTemplate(creditor), text, longestValues: {} })
  const hasAddress = text.split(/[\s　]+/).includes(creditor.siteAddress)
  return hasAddress ? problems : [...problems, { kind: 'address-missing' }]
}

/** As it is sent: browsers write line breaks as CR LF, and what stands invisibly at the end would be paid for. */
export const normalNoticeText = (typed: string): string => typed.replaceAll(/\r\n?/g, '\n').trim()
