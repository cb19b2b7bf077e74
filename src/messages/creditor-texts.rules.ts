import { type Creditor, siteHost } from '#creditor'
import { assert } from '#values/assert'
import { encodeUcs2 } from '#values/ucs-2'
import { checkBoundCode, parseOriginBoundCode } from './bound-code.rules.ts'
import {
  checkTemplate,
  type PlaceholderValues,
  renderTemplate,
  type Template,
  type TemplateProblem,
} from './template.rules.ts'

/** The one text that every notice carries. */
export const noticeText = (creditor: Creditor): string => render(creditor.texts.notice, valuesOf(creditor))

export const codeText = (creditor: Creditor, code: string): string =>
  render(creditor.texts.code, { ...valuesOf(creditor), code })

export const receiptText = (creditor: Creditor, receiptNumber: string): string =>
  render(creditor.texts.receipt, { ...valuesOf(creditor), receiptNumber })

/** What is wrong with the creditor's texts at their longest values; none means that they may go out. */
export const problemsOfTexts = (
  creditor: Creditor,
): readonly { readonly key: string; readonly problem: TemplateProblem }[] =>
  templatesOf(creditor).flatMap((template) =>
    checkTemplate(template).map((problem) => ({ key: `texts.${template.kind}`, problem })),
  )

/** Why this code SMS must not leave: its last line does not bind the code to the site. Looks at the bytes of the wire. */
export const codeTextProblem = (creditor: Creditor, text: string): string | undefined => {
  if (!creditor.texts.code.includes('{host}')) return undefined
  const code = parseOriginBoundCode(text)?.code
  if (code === undefined || !new RegExp(`^[0-9]{${creditor.policies.code.digits}}$`).test(code)) return 'code-unbound'
  const check = checkBoundCode(encodeUcs2(text), { host: siteHost(creditor), code })
  return check.kind === 'bound' ? undefined : `code-${check.because}`
}

const templatesOf = (creditor: Creditor): readonly Template[] => {
  const { code } = creditor.policies
  const values = valuesOf(creditor)
  return [
    noticeTemplate(creditor),
    {
      ...sharedOf(creditor),
      kind: 'code',
      text: creditor.texts.code,
      longestValues: { ...values, code: '8'.repeat(code.digits) },
      partsMax: code.partsMax,
    },
    {
      ...sharedOf(creditor),
      kind: 'receipt',
      text: creditor.texts.receipt,
      longestValues: { ...values, receiptNumber: '888-888-888' },
      partsMax: 1,
    },
  ]
}

export const noticeTemplate = (creditor: Creditor): Template => ({
  ...sharedOf(creditor),
  kind: 'notice',
  text: creditor.texts.notice,
  longestValues: valuesOf(creditor),
  partsMax: creditor.policies.messages.noticePartsMax,
})

const sharedOf = ({ brand, siteAddress }: Creditor) => ({
  companyName: brand.companyName,
  allowedHosts: [new URL(siteAddress).host],
})

const valuesOf = (creditor: Creditor): PlaceholderValues => ({
  company: creditor.brand.companyName,
  url: creditor.siteAddress,
  host: siteHost(creditor),
  minutes: String(creditor.policies.code.lifeMinutes),
})

const render = (template: string, values: PlaceholderValues): string => {
  const rendering = renderTemplate(template, values)
  assert(rendering.kind === 'rendered', 'the texts were checked when the configuration was read')
  return rendering.text
}
