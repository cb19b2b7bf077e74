import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { assert } from '#values/assert'

/**
 * A stylesheet to stand inside the page: without comments and needless space, and with the values of デジタル庁's design
 * tokens in the places where it names them. A token that does not exist stops the program at its start.
 */
export function readStyle(file: URL): string {
  return small(readFileSync(file, 'utf8')).replace(
    /var\((--(?:color-(?:primitive|neutral|semantic))[a-z0-9-]+)\)/g,
    (_, name: string) => tokenNamed(name),
  )
}

let tokens: ReadonlyMap<string, string> | undefined

function tokenNamed(name: string): string {
  tokens ??= readTokens()
  const value = tokens.get(name)
  assert(value !== undefined, `the design tokens have ${name}`)
  return value
}

function readTokens(): ReadonlyMap<string, string> {
  const file = fileURLToPath(import.meta.resolve('@digital-go-jp/design-tokens/dist/tokens.css'))
  const declarations = readFileSync(file, 'utf8').matchAll(/^\s*(--[a-z0-9-]+): ([^;]+);$/gm)
  return new Map([...declarations].map(([, name = '', value = '']) => [name, value]))
}

function small(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/\s*([{};,])\s*/g, '$1')
    .replace(/: /g, ':')
    .replace(/;}/g, '}')
    .trim()
}
