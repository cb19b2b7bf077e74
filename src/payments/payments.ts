export type { PaymentsWorld } from './world.ts'
