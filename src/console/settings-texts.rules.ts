import type { Creditor } from '#creditor'
import { codeText, noticeText, problemsOfTexts, receiptText, splitIntoParts, utf16Units } from '#messages'

/** A text of the creditor's file as it leaves, at its longest values, with what the checker says of it. */
export type CheckedText = {
  readonly key: 'notice' | 'code' | 'receipt'
  readonly template: string
  readonly rendered: string
  readonly units: number
  readonly parts: number
  /** The kinds of problems; the program does not start with any. */
  readonly problems: readonly string[]
}

export const checkedTexts = (creditor: Creditor): readonly CheckedText[] => {
  const problems = problemsOfTexts(creditor)
  const checked = (key: CheckedText['key'], rendered: string): CheckedText => ({
    key,
    template: creditor.texts[key],
    rendered,
    units: utf16Units(rendered),
    parts: splitIntoParts(rendered).length,
    problems: problems.filter((problem) => problem.key === `texts.${key}`).map(({ problem }) => problem.kind),
  })
  return [
    checked('notice', noticeText(creditor)),
    checked('code', codeText(creditor, '8'.repeat(creditor.policies.code.digits))),
    checked('receipt', receiptText(creditor, '888-888-888')),
  ]
}
