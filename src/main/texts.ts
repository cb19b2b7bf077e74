import type { Creditor } from '#creditor'
import { problemsOfTexts } from '#messages'
import { Fault } from '#platform/fault'

/** Refuses a configuration whose texts must not go to customers. Fault `config-invalid` names key and reason. */
export const checkTexts = (creditor: Creditor, file: string): void => {
  const problems = problemsOfTexts(creditor)
  if (problems.length === 0) return
  throw new Fault(
    'config-invalid',
    [
      `${file} is not valid:`,
      ...problems.map(({ key, problem: { kind, ...facts } }) => `  ${key}: ${kind} ${JSON.stringify(facts)}`),
    ].join('\n'),
  )
}
