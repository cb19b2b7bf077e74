export { type Carrier, startCarrier } from './carrier.ts'
export { carrierJournal, readJournal } from './carrier-journal.store.ts'
export { sampleCustomers, sampleDebits, samplePeople } from './sample.ts'
export { type SandboxWorld, sandboxAssets, sandboxRoutes } from './sandbox.pages.ts'
