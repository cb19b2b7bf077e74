export { type PlannedRedebit, plannedRedebit, type RedebitFacts, redebitUnderWay } from './redebit.rules.ts'
export { listRedebitFacts } from './redebit.store.ts'
export type { PaymentsWorld } from './world.ts'
