import type { DemoClock } from '#platform/clock/demo-clock'
import { parseDuration, parseInstant } from '#platform/clock/parse'
import { type Asked, type Reply, type Route, readScript, readStyle } from '#platform/http/http'
import { addBankDays } from '#values/business-day'
import { dayInJst, instantOfJst, toRfc3339Jst } from '#values/day'
import type { Carrier, CarrierMood } from './carrier.ts'
import { type MoneyInWorld, moneyInRoutes } from './money-in.pages.ts'
import { fieldsOf, json, page, refused } from './replies.pages.ts'
import { sandboxPage } from './sandbox.views.ts'

export type SandboxWorld = MoneyInWorld & {
  readonly carrier: Carrier
  readonly clock: DemoClock
  readonly siteAddress: string
  /** Does everything that is due now, before it resolves. */
  settle(): Promise<void>
}

const publicFile = (name: string) => new URL(`../../public/${name}`, import.meta.url)

/** What the sandbox's server needs to allow the page's style and script. */
export const sandboxAssets = () => ({
  styles: [readStyle(publicFile('sandbox.css'))],
  scripts: [readScript(publicFile('sandbox.js'), '/scripts')],
})

/** The demo's phone, people, clock, store and bank: a page for eyes, and JSON for scripts. */
export const sandboxRoutes = (w: SandboxWorld, assets: ReturnType<typeof sandboxAssets>): readonly Route[] => [
  { kind: 'page', path: '/', who: 'demo', show: () => page(sandboxPage({ ...w, ...assets, moods })) },
  { kind: 'program', method: 'GET', path: '/api/messages', who: 'demo', answer: (asked) => listMessages(w, asked) },
  { kind: 'program', method: 'GET', path: '/api/people', who: 'demo', answer: () => json(w.people.map(asTyped)) },
  { kind: 'program', method: 'GET', path: '/api/clock', who: 'demo', answer: () => json(clockOf(w)) },
  { kind: 'program', method: 'POST', path: '/api/clock', who: 'demo', answer: ({ body }) => moveClock(w, body) },
  { kind: 'program', method: 'GET', path: '/api/carrier', who: 'demo', answer: () => json({ mood: w.carrier.mood }) },
  { kind: 'program', method: 'POST', path: '/api/carrier', who: 'demo', answer: ({ body }) => setMood(w, body) },
  ...moneyInRoutes(w),
]

const messagesMax = 100_000

const listMessages = (w: SandboxWorld, { query }: Asked): Reply => {
  const { to, limit = '100' } = query
  if (to !== undefined && !/^0\d{10}$/.test(to)) return refused('to must be 11 digits')
  if (!/^\d{1,6}$/.test(limit) || Number(limit) > messagesMax) return refused(`limit must be 0 to ${messagesMax}`)
  const messages = Number(limit) === 0 ? [] : w.carrier.messages({ limit: Number(limit), ...(to && { to }) })
  return json(messages.map((message) => ({ ...message, receivedAt: toRfc3339Jst(message.receivedAt) })))
}

const moveClock = async (w: SandboxWorld, body: unknown): Promise<Reply> => {
  const to = timeAsked(w, body)
  if (to === undefined) return refused('send { "advance": "PT5M" } or { "set": "2026-11-25T10:00:00+09:00" }')
  if (to < w.clock.now()) return refused('the clock only goes forward')
  await w.settle()
  await w.clock.set(to)
  await w.settle()
  return json(clockOf(w))
}

const timeAsked = (w: SandboxWorld, body: unknown): Date | undefined => {
  const now = w.clock.now()
  const { advance, set, nextBusinessMorning } = fieldsOf(body)
  if (nextBusinessMorning === true) return instantOfJst(addBankDays(dayInJst(now), 1, w.holidays), 10)
  if (typeof advance === 'string' && set === undefined) {
    const ms = parseDuration(advance)
    return ms === undefined ? undefined : new Date(now.getTime() + ms)
  }
  return typeof set === 'string' && advance === undefined ? parseInstant(set) : undefined
}

const moods: readonly CarrierMood[] = ['normal', 'slow', 'throttled', 'silent', 'down']

const setMood = (w: SandboxWorld, body: unknown): Reply => {
  const mood = moods.find((known) => known === fieldsOf(body).mood)
  if (mood === undefined) return refused(`mood must be one of ${moods.join(', ')}`)
  w.carrier.setMood(mood)
  return json({ mood })
}

const clockOf = ({ clock }: SandboxWorld) => ({ now: toRfc3339Jst(clock.now()) })

const asTyped = ({ family, given, birthDate, phone, customerNumber }: SandboxWorld['people'][number]) => ({
  family,
  given,
  birthDate,
  phone,
  customerNumber,
})
