import type { Creditor } from '#creditor'

/** What the way over a provider's pages is called: some creditors use it for slips of the provider's only. */
export const cardWayName = ({ card }: Pick<Creditor, 'card'>): string =>
  card !== undefined && !card.methods.includes('card') ? '決済会社の画面でのお支払い' : 'カードでのお支払い'
