export { type Contract, listContracts, type PayEasyNumbers } from './contract.store.ts'
export {
  bareNumber,
  type Customer,
  findCustomerByNumber,
  listCustomerNumbers,
  listCustomersByNumber,
} from './customer.store.ts'
export {
  identityValueTyped,
  phoneValue,
  type SearchLabel,
  type SearchValue,
  searchLabels,
  searchValue,
} from './index-value.rules.ts'
export type { Person } from './person.rules.ts'
export {
  getCustomerKey,
  getPerson,
  getPhone,
  type KnownCustomer,
  listKnownCustomers,
  listPhones,
} from './person.store.ts'
export { type PlainCustomer, type SealedCustomer, sealCustomer } from './seal.rules.ts'
export { listCustomersByPhoneValue, type SearchTerms, searchCustomers } from './search.store.ts'
