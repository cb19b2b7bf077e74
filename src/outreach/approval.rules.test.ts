import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noticeText } from '#messages'
import { creditorWith, ten } from '../../test/casework.ts'
import { type AskedApproval, decideApproval, isOwn } from './approval.rules.ts'
import { rulesVersion } from './campaign.rules.ts'

const creditor = await creditorWith()
const pin = (of: string) => createHash('sha256').update(of).digest()
const asked: AskedApproval = {
  campaign: {
    plannedBy: 'operator:sato',
    text: noticeText(creditor),
    textBy: null,
    rulesVersion: rulesVersion(creditor),
    planned: 9_436,
    approvedAt: null,
  },
  request: { askedBy: 'operator:sato', pinned: pin('them'), noticeCount: 9_436 },
  pinnedNow: pin('them'),
}
const suzuki = { by: 'operator:suzuki', typed: '9436' }
const decide = (change: Partial<AskedApproval>, as = suzuki) => decideApproval({ ...asked, ...change }, as, creditor)
const campaignWith = (change: Partial<AskedApproval['campaign']>) => ({ campaign: { ...asked.campaign, ...change } })
const ownText = `株式会社ジャックスです。 ${creditor.siteAddress}`

test('A second person who types the number lets the campaign go', () => {
  expect(decide({})).toEqual({ kind: 'approved' })
})

describe('nobody approves their own', () => {
  test.each([
    ['planned it', asked],
    ['planned it on the command line', { ...asked, ...campaignWith({ plannedBy: 'cli:sato' }) }],
    [
      'asked for it',
      {
        ...asked,
        ...campaignWith({ plannedBy: 'operator:tanaka' }),
      },
    ],
    [
      'wrote its text',
      {
        ...asked,
        ...campaignWith({ plannedBy: 'operator:tanaka', text: ownText, textBy: 'operator:sato' }),
        request: { askedBy: 'operator:tanaka', pinned: pin('them'), noticeCount: 9_436 },
      },
    ],
  ] satisfies [string, AskedApproval][])('who %s', (_, given) => {
    const refused = { kind: 'refused', because: 'own-campaign' }
    expect(decideApproval(given, { by: 'operator:sato', typed: '9436' }, creditor)).toEqual(refused)
    expect(decideApproval(given, { by: 'cli:sato', typed: '9436' }, creditor)).toEqual(refused)
  })

  test('and a name that only contains another is another person', () => {
    const makers = { plannedBy: 'operator:sato', textBy: null, askedBy: 'operator:sato' }
    expect(isOwn(makers, 'operator:sato2')).toBe(false)
    expect(isOwn(makers, 'operator:operator:sato')).toBe(false)
  })
})

describe('the number of notices', () => {
  test.each(['9436', '9,436', '９４３６', ' 9436 ', '9436件', '９，４３６件'])('may be typed as %j', (typed) => {
    expect(decide({}, { ...suzuki, typed })).toEqual({ kind: 'approved' })
  })

  test.each(['', '9435', '94360', '9,4,36', '-9436', '9436.0', '0x24DC', 'はい'])('is not %j', (typed) => {
    expect(decide({}, { ...suzuki, typed })).toEqual({ kind: 'refused', because: 'number-differs' })
  })

  test('is never another one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000 }), (typed) => {
        fc.pre(typed !== 9_436)
        expect(decide({}, { ...suzuki, typed: String(typed) })).toEqual({ kind: 'refused', because: 'number-differs' })
      }),
    )
  })
})

describe('any change voids what was asked', () => {
  test.each([
    ['recipients-changed', { pinnedNow: pin('others') }],
    ['rules-changed', campaignWith({ rulesVersion: '1-other' })],
    ['text-changed', campaignWith({ text: ownText })],
    // One that somebody wrote, and that names an address that is not ours any more.
    ['text-changed', campaignWith({ text: `${ownText}x`, textBy: 'operator:sato' })],
    ['nothing-to-send', campaignWith({ planned: 0 })],
  ])('%s', (because, change) => {
    expect(decide(change)).toEqual({ kind: 'void', because })
  })

  test('but a text of its own that may be sent is no change', () => {
    expect(decide(campaignWith({ text: ownText, textBy: 'operator:sato' }))).toEqual({ kind: 'approved' })
  })

  test('and a void one is void before a wrong number is told', () => {
    expect(decide({ pinnedNow: pin('others') }, { ...suzuki, typed: '1' })).toMatchObject({ kind: 'void' })
  })
})

test('Nothing is approved that nobody asked for, or that was approved before', () => {
  expect(decide({ request: undefined })).toEqual({ kind: 'refused', because: 'not-asked' })
  expect(decide(campaignWith({ approvedAt: ten }))).toEqual({ kind: 'refused', because: 'already-approved' })
})
