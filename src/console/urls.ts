/**
 * Every address of the console. Ids in them are ours: no customer's number, name or phone stands in a path or a query,
 * because addresses are kept in histories and access logs.
 */
export const urls = {
  home: '/',
  signIn: '/sign-in',
  signInStart: '/sign-in/start',
  signInReturn: '/sign-in/return',
  demoSignIn: '/sign-in/demo',
  signOut: '/sign-out',
  signedOut: '/signed-out',
  scripts: '/scripts',

  // Cases: one page for a customer, with all their cases.
  search: '/search',
  cases: '/cases',
  case: (customerId: string) => `/cases/${customerId}`,
  reveal: '/reveal',

  // Campaigns.
  campaigns: '/campaigns',
  campaign: (campaignId: string) => `/campaigns/${campaignId}`,

  // Queues and reports.
  answers: '/answers',
  answersCsv: '/answers/csv',
  promises: '/promises',
  promisesCsv: '/promises/csv',
  brokenPromises: '/promises/broken',
  brokenPromisesCsv: '/promises/broken/csv',
  consultations: '/consultations',
  consultationsCsv: '/consultations/csv',
  closeWorkItem: (customerId: string, id: string) => `/work-items/${customerId}/${id}/close`,
  reopenWorkItem: (customerId: string, id: string) => `/work-items/${customerId}/${id}/reopen`,
  deposits: '/deposits',
  depositsCsv: '/deposits/csv',
  deposit: (depositId: string) => `/deposits/${depositId}`,
  matchDeposit: (depositId: string) => `/deposits/${depositId}/match`,
  unmatchDeposit: (depositId: string) => `/deposits/${depositId}/unmatch`,
  unreachable: '/unreachable',
  unreachableCsv: '/unreachable/csv',
  noteUnreachable: (messageId: string) => `/unreachable/${messageId}/looked-at`,
  reports: '/reports',
  cohortReport: '/reports/cohorts',
  hoursReport: '/reports/hours',
  promisesReport: '/reports/promises',

  // Imports, audit and settings.
  imports: '/imports',
  import: (importId: string) => `/imports/${importId}`,
  importLive: (importId: string) => `/imports/${importId}/live`,
  importProblems: (importId: string) => `/imports/${importId}/problems.csv`,
  importRejected: (importId: string) => `/imports/${importId}/rejected.csv`,
  importNotBilled: (importId: string) => `/imports/${importId}/not-billed.csv`,
  undoImport: (importId: string) => `/imports/${importId}/undo`,
  audit: '/audit',
  auditCsv: '/audit/csv',
  auditJsonl: '/audit/jsonl',
  auditCustomer: '/audit/customer',
  auditChecks: '/audit/checks',
  auditChecksLive: '/audit/checks/live',
  settings: '/settings',
  policySettings: '/settings/policy',
  holidaySettings: '/settings/holidays',
  gatewaySettings: '/settings/gateways',
  peopleSettings: '/settings/people',
} as const
