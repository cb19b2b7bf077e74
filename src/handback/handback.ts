export { asCsvLine, asJsonLine, csvHeader, type ExportedAnswer } from './answer-row.format.ts'
export { exportAnswers, numberAnswers } from './feed.jobs.ts'
