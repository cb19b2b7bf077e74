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
export {
  type AnswerPlace,
  type AnswersAsked,
  countAnswers,
  type ListedAnswer,
  listAnswers,
} from './answer-list.store.ts'
export { listHolds } from './hold.store.ts'
export { cancelPromises, judgePromises } from './promise.jobs.ts'
export { type PromiseChoice, promiseChoices, quietUntil } from './promise-days.rules.ts'
export { type KeptPromise, listCustomersByReceipt, listPromisesOf } from './promise-list.store.ts'
export { judgePromise } from './promise-outcome.rules.ts'
export {
  type AwaitedPromise,
  countPromisesDue,
  listPromisesAwaited,
  type PromisePlace,
  type PromisesOf,
  placeOfPromise,
} from './promise-queue.store.ts'
export { recordAnswer } from './record.ts'
export { reopenPromises } from './reopen-promises.store.ts'
export {
  type CloseWorkItemOutcome,
  closeWorkItem,
  noteUndelivered,
  type ReopenWorkItemOutcome,
  reopenWorkItem,
} from './work-item.ts'
export {
  countOpenWorkItems,
  listWorkItems,
  placeOfWorkItem,
  type WorkItem,
  type WorkItemKind,
  type WorkItemPlace,
} from './work-item-list.store.ts'
