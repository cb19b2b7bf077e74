import { setTimeout as sleep } from 'node:timers/promises'
import { countCampaign, waitUntilStill } from '#messages'
import {
  type ControlCampaignOutcome,
  cancelCampaign,
  nextAllowedInstant,
  pauseCampaign,
  resumeCampaign,
  showCampaign,
} from '#outreach'
import { toRfc3339Jst } from '#values/day'
import type { Settings } from '../settings.ts'
import { terminal } from '../terminal.ts'
import type { World } from '../world.ts'
import { actorOf, withWorld } from './with-world.ts'

type Options = { readonly reason?: string; readonly as?: string; readonly json?: boolean }

export const pauseCommand = (settings: Settings, options: Options, id: string): Promise<number> =>
  withWorld(settings, async (world) => {
    const startedMs = performance.now()
    const outcome = await pauseCampaign(world, orderOf(world, options, id))
    if (outcome.kind === 'refused') return sayRefused('paused', outcome, options)
    const still = await untilStill(world, id, startedMs)
    if (options.json) terminal.json({ ...outcome, ...still })
    else terminal.say(`停止しました（${stillInWords(still)}）`)
    return 0
  })

export const resumeCommand = (settings: Settings, options: Options, id: string): Promise<number> =>
  withWorld(settings, async (world) => {
    const outcome = await resumeCampaign(world, orderOf(world, options, id))
    if (outcome.kind === 'refused') return sayRefused('resumed', outcome, options)
    const now = world.clock.now()
    const next = nextAllowedInstant(now, world.creditor.policies, world.holidays)
    const opensAt = next === undefined || next <= now ? undefined : toRfc3339Jst(next)
    if (options.json) terminal.json({ ...outcome, next: opensAt ?? null })
    else terminal.say(opensAt === undefined ? '再開しました。' : `再開しました（時間外、次 ${opensAt}）。`)
    return 0
  })

export const cancelCommand = (
  settings: Settings,
  options: Options & { readonly yes?: boolean },
  id: string,
): Promise<number> =>
  withWorld(settings, async (world) => {
    if (!options.yes && !(await isConfirmed(world, id))) return 1
    const startedMs = performance.now()
    const outcome = await cancelCampaign(world, orderOf(world, options, id))
    if (outcome.kind === 'refused') return sayRefused('cancelled', outcome, options)
    const still = await untilStill(world, id, startedMs)
    const { sent, excludedSince } = await countCampaign(world.db, id)
    const cancelled = excludedSince.cancelled ?? 0
    if (options.json) terminal.json({ ...outcome, ...still, sent, cancelled })
    else terminal.say(`中止しました（${stillInWords(still)}）。送信済み ${sent} 件、取りやめ ${cancelled} 件`)
    return 0
  })

/** Whoever types the number has looked at it. What cannot be cancelled at all is refused without asking. */
const isConfirmed = async (world: World, id: string): Promise<boolean> => {
  const campaign = await showCampaign(world, id)
  if (campaign === undefined || campaign.approvedAt === null || campaign.count.unsent === 0) return true
  const { unsent } = campaign.count
  const typed = await terminal.ask(
    `中止すると元に戻せません。未送信 ${unsent} 件を取りやめるには、その件数を入力してください: `,
  )
  if (typed?.trim() === String(unsent)) return true
  terminal.say(
    typed === undefined
      ? 'Not cancelled: there is no terminal to ask on; say --yes.'
      : 'Not cancelled: that is not the number.',
  )
  return false
}

const orderOf = ({ clock }: World, options: Options, id: string) => ({
  id,
  by: actorOf(options),
  because: options.reason ?? null,
  now: clock.now(),
})

type Still = {
  readonly tookMs: number
  /** Messages that were on their way and are still not answered. */
  readonly inHand: number
}

/** A carrier that answers at all does so sooner. */
const patienceMs = 15_000

const untilStill = async ({ db }: World, id: string, startedMs: number): Promise<Still> => {
  const rest = async (ms: number) => {
    await sleep(ms)
  }
  const inHand = await waitUntilStill(db, id, { withinMs: patienceMs, rest })
  return { tookMs: Math.round(performance.now() - startedMs), inHand }
}

const stillInWords = ({ tookMs, inHand }: Still): string =>
  `${(tookMs / 1_000).toFixed(1)} 秒、送信途中 ${inHand} 件${inHand > 0 ? '：通信事業者の応答を待っています' : ''}`

const refusals = {
  'no-such-campaign': 'there is no such campaign.',
  'not-approved': 'it has not been approved; nothing of it leaves before.',
  'is-paused': 'it is paused already.',
  'is-running': 'it is not paused.',
  'is-cancelled': 'it is cancelled, for good.',
  'is-through': 'nothing of it is left to send.',
} as const

const sayRefused = (
  what: 'paused' | 'resumed' | 'cancelled',
  outcome: Extract<ControlCampaignOutcome, { kind: 'refused' }>,
  { json }: Options,
): number => {
  if (json) terminal.json(outcome)
  else terminal.say(`Not ${what}: ${refusals[outcome.because]} Nothing has changed.`)
  return 1
}
