import type { Html } from '#platform/html/html'
import { choice, linkButton } from './button.views.ts'
import { urls } from './urls.ts'

/** The ways to pay that are open to this customer beside a transfer, which always is. */
export type WaysToPay = {
  readonly store: boolean
  readonly payEasy: boolean
  /** What the way over a provider's pages is called. */
  readonly card: string | undefined
}

export const wayButtons = (ways: WaysToPay): readonly Html[] =>
  offered(ways).map(({ href, label }, index) => linkButton(href, label, index === 0 ? 'main' : 'quiet'))

export const wayChoices = (ways: WaysToPay): readonly Html[] =>
  offered(ways).map(({ href, label }) => choice(href, label))

const offered = ({ store, payEasy, card }: WaysToPay) => [
  { href: urls.account, label: 'お振込み口座を表示' },
  ...(store ? [{ href: urls.store, label: 'コンビニバーコードを表示' }] : []),
  ...(payEasy ? [{ href: urls.payEasy, label: 'ペイジー番号を表示' }] : []),
  ...(card === undefined ? [] : [{ href: urls.card, label: card }]),
]
