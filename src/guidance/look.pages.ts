import type { Creditor } from '#creditor'
import { readScript, readStyle, type Script } from '#platform/http/http'
import type { Look, ScriptName } from './layout.views.ts'
import { urls } from './urls.ts'

/** The stylesheet and the scripts of the customer's pages, read once: the server allows them by their hashes. */
export type GuidanceAssets = {
  readonly styles: readonly string[]
  readonly scripts: readonly Script[]
}

const names: readonly ScriptName[] = ['page', 'identity', 'code', 'copy']

const publicFile = (name: string) => new URL(`../../public/${name}`, import.meta.url)

export const guidanceAssets = (): GuidanceAssets => ({
  styles: [readStyle(publicFile('tokens.css')) + readStyle(publicFile('annai.css'))],
  scripts: names.map((name) => readScript(publicFile(`${name}.js`), urls.scripts)),
})

export const lookOf = (creditor: Creditor, { styles, scripts }: GuidanceAssets): Look => ({
  creditor,
  style: styles.join(''),
  scripts: Object.fromEntries(scripts.map((script) => [script.name, script])) as Record<ScriptName, Script>,
})
