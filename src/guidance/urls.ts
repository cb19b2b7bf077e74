/** One fixed address for everybody, and what lies under it: nothing in a path or a query tells who is reading. */
export const urls = {
  notice: '/v',
  contact: '/v/contact',
  genuine: '/v/genuine',
  identity: '/v/identity',
  code: '/v/code',
  resend: '/v/code/resend',
  menu: '/v/menu',
  paid: '/v/paid',
  promise: '/v/promise',
  consultation: '/v/consultation',
  receipt: '/v/receipt',
  calendar: '/v/receipt/calendar.ics',
  amount: '/v/amount',
  account: '/v/account',
  store: '/v/store',
  payEasy: '/v/pay-easy',
  card: '/v/card',
  cardReturn: '/v/card/return',
  paymentReceipt: '/v/payment-receipt',
  end: '/v/end',
  scripts: '/v/scripts',
  security: '/.well-known/security.txt',
} as const

/** The check page of one day. A day is in it, and nothing else. */
export const promiseOn = (day: string): string => `${urls.promise}?day=${day}`

/** The identity form with what the code page says was typed, for a slip. */
export const correction = `${urls.identity}?edit=1`
