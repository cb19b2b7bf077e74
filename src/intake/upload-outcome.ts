import type { ImportAccountsOutcome } from './import-accounts.jobs.ts'
import type { ImportCustomersOutcome } from './import-customers.jobs.ts'
import type { ImportDebitsOutcome } from './import-debits.jobs.ts'
import type { ImportDepositsOutcome } from './import-deposits.jobs.ts'

/** How a file ended that was brought to the console. Its values are masked: it is kept. */
export type UploadOutcome =
  | { readonly of: 'customers'; readonly outcome: ImportCustomersOutcome; readonly sameAs?: string }
  | { readonly of: 'debits'; readonly outcome: ImportDebitsOutcome }
  | { readonly of: 'deposits'; readonly outcome: ImportDepositsOutcome }
  | { readonly of: 'virtual-accounts'; readonly outcome: ImportAccountsOutcome }
  /** The program could not finish with it, however often it began. Nothing has changed. */
  | { readonly of: 'nothing'; readonly outcome: { readonly kind: 'failed' } }
