export { type Actor, type AuditLine, writeAudit, writeAuditLines } from './line.store.ts'
export { linesPerRoundMax, sealAudit } from './seal.jobs.ts'
export { type AuditVerdict, verifyAudit } from './verify.jobs.ts'
