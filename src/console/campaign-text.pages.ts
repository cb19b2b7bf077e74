import { createHash } from 'node:crypto'
import { writeAudit } from '#audit'
import { splitIntoParts } from '#messages'
import { writeNoticeText } from '#outreach'
import type { Reply } from '#platform/http/http'
import { backTo, withCampaign } from './campaign-door.pages.ts'
import { showPlan } from './campaign-plan.pages.ts'
import { textPreview } from './campaign-text.views.ts'
import type { ConsoleRoute, OperatorSent } from './console-route.ts'
import { type ConsoleDesk, within } from './desk.ts'
import { actorOf } from './operator.ts'
import { page } from './replies.pages.ts'
import { urls } from './urls.ts'

/** More than any SMS: what is longer is only counted. */
const typedMax = 2_000

export const textRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  {
    kind: 'fragment',
    path: urls.campaignPreview(':id'),
    may: 'plan-campaign',
    show: ({ query }) => page(String(textPreview(desk.w.creditor, (query.text ?? '').slice(0, typedMax)))),
  },
  {
    kind: 'form',
    path: urls.campaignText(':id'),
    may: 'plan-campaign',
    act: {
      commits: 'with-the-form',
      async run(sent, tx) {
        const { params, operator, now } = sent
        const text = (sent.form.text ?? '').slice(0, typedMax)
        const outcome = await writeNoticeText(tx, desk.w, { id: params.id ?? '', text, by: actorOf(operator), now })
        switch (outcome.kind) {
          case 'written':
            return backTo(params.id, { done: outcome.voidsRequest ? 'text-written-void' : 'text-written' })
          case 'unchanged':
            return backTo(params.id, { done: 'text-unchanged' })
          case 'refused':
            return backTo(params.id, { refused: outcome.because })
          case 'not-allowed': {
            const typed = { text, problems: outcome.problems }
            return withCampaign(within(desk, tx), sent, (campaign) =>
              showPlan(within(desk, tx), sent, campaign, { typed }),
            )
          }
        }
      },
    },
    again: ({ params }) => backTo(params.id, { refused: 'stale' }),
  },
  {
    kind: 'form',
    path: urls.campaignTest(':id'),
    may: 'plan-campaign',
    act: { commits: 'by-itself', run: (sent) => sendTest(desk, sent) },
    again: ({ params }) => backTo(params.id, { refused: 'stale' }),
  },
]

/** To a phone that is none, by a way that knows no carrier. */
const sendTest = (desk: ConsoleDesk, sent: OperatorSent): Promise<Reply> =>
  withCampaign(desk, sent, async ({ id, text }) => {
    const { testPhone, db } = desk.w
    if (testPhone === undefined) return backTo(id, { refused: 'no-test-phone' })
    const { kind } = await testPhone.send(text)
    const textHash = createHash('sha256').update(text).digest('hex')
    await writeAudit(db, {
      at: sent.now,
      actor: actorOf(sent.operator),
      act: 'campaign.test-sent',
      facts: { campaign: id, textHash, parts: splitIntoParts(text).length, kind },
    })
    return backTo(id, kind === 'arrived' ? { done: 'tested' } : { refused: 'test-failed' })
  })
