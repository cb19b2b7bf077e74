export { type CsvProblem, sayCsvProblem } from './csv-problem.format.ts'
export type { CsvRefused } from './csv-rows.format.ts'
export { customersHeader } from './customer-columns.format.ts'
export { type DebitOutcome, debitOutcomes } from './debit-outcome.rules.ts'
export type { DebitTotals } from './debit-totals.rules.ts'
export { findImport, type Import, type ImportKind, listImports } from './import.store.ts'
export { type AccountsReport, type ImportAccountsOutcome, importAccounts } from './import-accounts.jobs.ts'
export { readChunks as readImportedFile } from './import-chunks.store.ts'
export {
  type CustomersReport,
  type ImportCustomersOutcome,
  type ImportingCustomers,
  importCustomers,
} from './import-customers.jobs.ts'
export {
  type DebitsReport,
  type ImportDebitsOutcome,
  type ImportingDebits,
  importDebits,
} from './import-debits.jobs.ts'
export {
  type DepositsReport,
  type ImportDepositsOutcome,
  type ImportingDeposits,
  importDeposits,
} from './import-deposits.jobs.ts'
export type { Importing, IntakeWorld } from './intake-world.ts'
export { type FileLine, type FileState, listFiles } from './list-files.store.ts'
export { listNotBilled, listNotBilledAfter, type NotBilled } from './not-billed.store.ts'
export { readPayers } from './read-payers.store.ts'
export { type ReceiveUploadOutcome, type ReceivingUpload, receiveUpload } from './receive-upload.jobs.ts'
export { type RejectedRow, readRejectedRows } from './rejected-rows.format.ts'
export { takeUploads } from './take-uploads.jobs.ts'
export type { UndoDepositsOutcome } from './undo-deposits.jobs.ts'
export { type UndoOutcome, undoImport } from './undo-import.jobs.ts'
export { findUpload, type Upload } from './upload.store.ts'
export { readUpload, uploadKeptDays } from './upload-chunks.store.ts'
export type { UploadOutcome } from './upload-outcome.ts'
export { fileTypes, recordNames } from './zengin.format.ts'
export { type Debit91, type Group91, write91 } from './zengin-91.format.ts'
export { sayProblem, type ZenginProblem } from './zengin-problem.format.ts'
