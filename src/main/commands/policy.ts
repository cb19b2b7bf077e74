import { readPolicies } from '#creditor'
import { policyTable } from '#identity'
import type { Settings } from '../settings.ts'
import { table, terminal } from '../terminal.ts'

/** How likely a guesser gets in, for the configuration this program runs with. Needs no database. */
export const policyCommand = async (settings: Settings, { json }: { readonly json?: boolean }): Promise<number> => {
  const rows = policyTable(await readPolicies(settings.creditorFile))
  if (json) {
    terminal.json(rows)
    return 0
  }
  const share = (probability: number) => probability.toExponential(1)
  terminal.data(
    table([
      ['digits', 'one code', 'one day', '30 days', 'one day, birth date unknown'],
      ...rows.map((row) => [
        `${row.digits}${row.isRunning ? ' *' : ''}`,
        share(row.perCode),
        share(row.perDay),
        share(row.per30Days),
        share(row.perDayUnknownBirthDate),
      ]),
    ]),
  )
  terminal.say('The chance that a guesser gets in who knows name, birth date and phone of one customer. * runs now.')
  return 0
}
