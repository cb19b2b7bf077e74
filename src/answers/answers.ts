export {
  type AnswerContext,
  type AnswerFacts,
  type AnswerOutcome,
  type AnswerRequest,
  type ConsultationDetails,
  type CurrentAnswer,
  decideAnswer,
  type HoldReason,
  type PaidDetails,
  pendingPromises,
  type RecordedOutcome,
  type Refusal,
  silencingHolds,
} from './answer.rules.ts'
export { getAnswerFacts, listCurrentAnswers, lockAnswerFacts, lockOpenCases } from './answer.store.ts'
export { listHolds } from './hold.store.ts'
export { cancelPromises, judgePromises } from './promise.jobs.ts'
export { type PromiseChoice, promiseChoices, quietUntil } from './promise-days.rules.ts'
export { judgePromise } from './promise-outcome.rules.ts'
export { recordAnswer } from './record.ts'
export { reopenPromises } from './reopen-promises.store.ts'
