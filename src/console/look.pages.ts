import type { Creditor } from '#creditor'
import { readScript, readStyle, type Script } from '#platform/http/http'
import type { ConsoleLook, ScriptName } from './layout.views.ts'
import { urls } from './urls.ts'

/** The stylesheet and the scripts of the console, read once: the server allows them by their hashes. */
export type ConsoleAssets = {
  readonly styles: readonly string[]
  readonly scripts: readonly Script[]
}

const publicFile = (name: string) => new URL(`../../public/${name}`, import.meta.url)

const scriptFiles: Readonly<Record<ScriptName, URL>> = {
  'trusted-html': publicFile('trusted-html.js'),
  'htmx.min': new URL(import.meta.resolve('htmx.org/dist/htmx.min.js')),
  console: publicFile('console.js'),
  'uPlot.iife.min': new URL(import.meta.resolve('uplot/dist/uPlot.iife.min.js')),
  'console-chart': publicFile('console-chart.js'),
  'console-upload': publicFile('console-upload.js'),
}

/** What every page has in common, then each area's own rules in the order in which they may build on one another. */
const styleFiles = [
  publicFile('tokens.css'),
  new URL(import.meta.resolve('uplot/dist/uPlot.min.css')),
  publicFile('console.css'),
  publicFile('console-files.css'),
  publicFile('console-campaigns.css'),
  publicFile('console-lists.css'),
  publicFile('console-case.css'),
  publicFile('console-reports.css'),
]

export const consoleAssets = (): ConsoleAssets => ({
  styles: [styleFiles.map(readStyle).join('')],
  scripts: Object.values(scriptFiles).map((file) => readScript(file, urls.scripts)),
})

export const lookOf = (creditor: Creditor, { styles, scripts }: ConsoleAssets): ConsoleLook => ({
  creditor,
  style: styles.join(''),
  scripts: Object.fromEntries(scripts.map((script) => [script.name, script])) as Record<ScriptName, Script>,
})
