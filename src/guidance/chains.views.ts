import { type Html, html } from '#platform/html/html'
import { facts } from './facts.views.ts'
import type { Chain } from './store.rules.ts'
import { yenWords } from './words.views.ts'

/** Where a slip can be paid, each chain with what it takes at once. */
export const chainFacts = (chains: readonly Chain[]): Html => html`<h2>お支払いいただける店舗</h2>
${facts(chains.map(({ name, limitYen }) => ({ name, value: html`${yenWords(limitYen)}まで` })))}`
