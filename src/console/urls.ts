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
  promises: '/promises',
  consultations: '/consultations',
  deposits: '/deposits',
  unreachable: '/unreachable',
  reports: '/reports',

  // Imports, audit and settings.
  imports: '/imports',
  import: (importId: string) => `/imports/${importId}`,
  audit: '/audit',
  settings: '/settings',
} as const
