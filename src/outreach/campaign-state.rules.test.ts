import { describe, expect, test } from 'vitest'
import { at, ten } from '../../test/casework.ts'
import { type CampaignStanding, campaignState } from './campaign-state.rules.ts'

const running: CampaignStanding = { approvedAt: ten, control: undefined, hasMore: true, nextAllowed: ten }
const said = { by: 'cli:sato', because: '文面の確認', at: ten } as const
const paused = { ...said, act: 'paused' } as const
const cancelled = { ...said, act: 'cancelled' } as const
const resumed = { ...said, act: 'resumed' } as const
const twoWeeksMs = 14 * 86_400_000
const twoWeeksAgo = new Date(ten.getTime() - twoWeeksMs)
const tomorrow = at('2026-11-25', 9)

describe('a campaign', () => {
  test.each<readonly [string, Partial<CampaignStanding>, object]>([
    ['that nobody approved', { approvedAt: null, hasMore: false }, { kind: 'not-approved' }],
    ['with something left, in an hour that allows it', {}, { kind: 'sending' }],
    ['that was paused and resumed', { control: resumed }, { kind: 'sending' }],
    ['at night', { nextAllowed: tomorrow }, { kind: 'outside-hours', next: tomorrow }],
    ['of a year without an open day', { nextAllowed: undefined }, { kind: 'outside-hours', next: undefined }],
    ['that was paused', { control: paused }, { kind: 'paused', ...said }],
    ['that was paused, at night', { control: paused, nextAllowed: tomorrow }, { kind: 'paused', ...said }],
    ['of two weeks ago less a moment', { approvedAt: new Date(ten.getTime() - twoWeeksMs + 1) }, { kind: 'sending' }],
    ['of two weeks ago', { approvedAt: twoWeeksAgo }, { kind: 'expired', since: ten }],
    [
      'of two weeks ago, that was paused',
      { approvedAt: twoWeeksAgo, control: paused },
      { kind: 'expired', since: ten },
    ],
    ['of two weeks ago, of which all has left', { approvedAt: twoWeeksAgo, hasMore: false }, { kind: 'through' }],
    ['that was paused when its last had left', { control: paused, hasMore: false }, { kind: 'through' }],
    ['that was cancelled', { control: cancelled }, { kind: 'cancelled', ...said }],
    ['that was cancelled, and nothing is left', { control: cancelled, hasMore: false }, { kind: 'cancelled', ...said }],
    ['of which all has left', { hasMore: false }, { kind: 'through' }],
    ['of which all has left, at night', { hasMore: false, nextAllowed: tomorrow }, { kind: 'through' }],
  ])('%s', (_what, standing, state) => {
    expect(campaignState({ ...running, ...standing }, ten)).toEqual(state)
  })
})
