import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { readCreditor, readPolicies } from '#creditor'
import { guidanceAssets, guidanceRoutes } from '#guidance'
import { policyTable } from '#identity'
import { japaneseHolidays } from '#platform/calendar/holidays'
import { systemChance } from '#platform/chance'
import { machineClock } from '#platform/clock/clock'
import { openDatabase } from '#platform/database/database'
import type { Route } from '#platform/http/http'
import { openVault } from '#platform/vault/vault'
import { sandboxAssets, sandboxRoutes } from '#sandbox'
import { CreditorSchema } from '../src/creditor/creditor.schema.ts'
import { environmentNames } from '../src/main/settings.ts'

/** The promises that no type and no unit test keeps: what the code says about itself in other places stays true. */

const root = join(import.meta.dirname, '..')

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort()

const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const sources = filesBelow('src').filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
const migrations = filesBelow('migrations').filter((path) => /\/\d/.test(path))
const decisions = filesBelow('docs/decisions').filter((path) => path.endsWith('.md'))
const pages = [
  ...['README.md', 'README.ja.md', 'CHANGELOG.md', 'CONTRIBUTING.md'],
  ...filesBelow('docs').filter((path) => path.endsWith('.md')),
]

/** Every place where a pattern stands, as 'file:line'. */
const placesOf = (pattern: RegExp, paths: readonly string[]): readonly string[] =>
  paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  )

describe('docs/operating.md explains', () => {
  /** The rows of its tables: what stands in the first cell between backquotes, the default, the meaning. */
  const rows = new Map(
    [...read('docs/operating.md').matchAll(/^\| `([^`]+)` \| ([^|]*) \| ([^|]+) \|$/gm)].map(
      ([, name = '', fallback = '', meaning = '']) => [name, { fallback, meaning }] as const,
    ),
  )

  test.each(environmentNames)('%s', (name) => {
    expect(rows.get(name)?.meaning).toMatch(/\S/)
  })

  test('no variable of the environment that nobody reads', () => {
    const explained = [...rows.keys()].filter((name) => /^[A-Z_]+$/.test(name))
    expect(explained.filter((name) => !environmentNames.some((known) => known === name))).toEqual([])
  })

  const leaves = leavesOf(JSON.parse(JSON.stringify(CreditorSchema)), '', true)

  test.each(leaves)('$key, with its default', ({ key, fallback }) => {
    expect(rows.get(key)).toEqual({ fallback, meaning: expect.stringMatching(/\S/) })
  })

  test('no key that a creditor’s file may not have', () => {
    const explained = [...rows.keys()].filter((name) => name.includes('.'))
    expect(explained.filter((name) => !leaves.some(({ key }) => key === name))).toEqual([])
  })
})

test('docs/security.md shows the guess probabilities that the program computes', async () => {
  const policies = await readPolicies(join(root, 'creditor/demo.yaml'))
  const shown = [...read('docs/security.md').matchAll(/^\| (\d)(?: \(the default\))? \|((?: \d\.\de-\d+ \|){4})$/gm)]
  const computed = policyTable(policies).map((row) => {
    const chances = [row.perCode, row.perDay, row.per30Days, row.perDayUnknownBirthDate]
    return [String(row.digits), chances.map((chance) => ` ${chance.toExponential(1)} |`).join('')]
  })
  expect(shown.map(([, digits, chances]) => [digits, chances])).toEqual(computed)
})

test('migrations are numbered without a gap', () => {
  const numbers = migrations.map((path) => Number(/\/(\d{4})_[a-z0-9_]+\.sql$/.exec(path)?.[1]))
  expect(numbers).toEqual(migrations.map((_, index) => index + 1))
})

describe('every route', () => {
  let guidance: readonly Route[]
  let sandbox: readonly Route[]

  beforeAll(async () => {
    const creditor = await readCreditor(join(root, 'creditor/demo.yaml'), { demo: true })
    const world = {
      // Never asked: nothing is connected until the first statement.
      db: openDatabase('postgres://nobody@127.0.0.1:1/nothing'),
      vault: openVault({ derive: () => Buffer.alloc(32) }),
      creditor,
      clock: machineClock,
      chance: systemChance,
      holidays: japaneseHolidays,
    }
    guidance = guidanceRoutes(world, guidanceAssets()).routes
    const unasked = {} as Parameters<typeof sandboxRoutes>[0]
    sandbox = sandboxRoutes(unasked, sandboxAssets())
  })

  test('says who may enter', () => {
    const whoOf = (routes: readonly Route[]) => new Set(routes.map(({ who }) => who))
    expect(guidance.length).toBeGreaterThan(15)
    expect([...whoOf(guidance)].sort()).toEqual(['challenge', 'public', 'visit'])
    expect([...whoOf(sandbox)]).toEqual(['demo'])
  })

  test('of a form lies under /v, where the cookie’s pages are', () => {
    const forms = [...guidance, ...sandbox].filter(({ kind }) => kind === 'form')
    expect(forms.length).toBeGreaterThan(4)
    expect(forms.filter(({ path }) => !path.startsWith('/v/')).map(({ path }) => path)).toEqual([])
  })

  test('has its address once', () => {
    for (const routes of [guidance, sandbox]) {
      const addresses = routes.map((route) => `${methodOf(route)} ${route.path}`)
      expect(addresses).toEqual([...new Set(addresses)])
    }
  })
})

describe('no source', () => {
  const rest = sources.filter((path) => !/^src\/(platform|main)\//.test(path))
  const speakingSql = [...sources.filter((path) => /\.(store|jobs)\.ts$/.test(path)), ...filesBelow('migrations')]

  test.each<readonly [string, RegExp, readonly string[]]>([
    ['writes to the machine’s console', /\bconsole\.(?:log|info|warn|error|debug|trace|dir|table)\b/, sources],
    [
      'gives its types up',
      /\bas any(?! \w)\b|\bas any as\b|: any\b|<any>|@ts-(?:ignore|expect-error|nocheck)/,
      sources,
    ],
    ['is left for later', /\b(?:TODO|FIXME|XXX)\b/, sources],
    ['but platform and main reads the machine’s clock', /\bDate\.now\(|\bnew Date\(\)|\bTemporal\.Now\b/, rest],
    ['but platform and main makes chance', /\bMath\.random\b|\brandom(?:Bytes|Int|UUID)\b/, rest],
    ['but main reads the environment', /\bprocess\.env\b/, sources.filter((path) => !path.startsWith('src/main/'))],
    [
      'asks the database what time it is',
      /(?<![.\w])now\(\)|\b(?:current_(?:timestamp|date|time)|localtime(?:stamp)?|(?:clock|statement|transaction)_timestamp)\b/i,
      speakingSql,
    ],
  ])('%s', (_, pattern, paths) => {
    expect(paths.length).toBeGreaterThan(5)
    expect(placesOf(pattern, paths)).toEqual([])
  })
})

test('every package the program depends on is imported by it', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Readonly<Record<string, string>> }
  /** Runs the program and is not imported by it. */
  const runtime = 'node'
  const text = sources.map(read).join('\n')
  const isImported = (name: string) => text.includes(`'${name}'`) || text.includes(`'${name}/`)
  expect(Object.keys(dependencies).filter((name) => name !== runtime && !isImported(name))).toEqual([])
})

test.each(decisions)('%s bears the date of its name', (path) => {
  const [title, empty, date] = read(path).split('\n')
  expect(title).toMatch(/^# \S/)
  expect(empty).toBe('')
  expect(path).toMatch(new RegExp(`^docs/decisions/${date}-[a-z0-9-]+\\.md$`))
  expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/)
})

describe.each(pages)('%s', (path) => {
  const text = read(path)

  test('names only files that are there', () => {
    const links = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target)
    const linked = links.filter((target) => !/^[a-z]+:/.test(target)).map((target) => join(dirname(path), target))
    const named = [...text.matchAll(/`((?:src|test|bin|bench|creditor|docs|migrations|public)\/[\w./-]*[\w/])`/g)].map(
      ([, file = '']) => file,
    )
    expect([...linked, ...named].filter((file) => !existsSync(join(root, file)))).toEqual([])
  })

  test('shows only commands that the program takes', async () => {
    const { program } = await import('../src/main/program.ts')
    const refused: string[] = []
    const silenced = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    try {
      for (const command of commandsIn(text)) if (!(await isTaken(program, command))) refused.push(command)
    } finally {
      silenced.mockRestore()
    }
    expect(refused).toEqual([])
  })
})

class Taken extends Error {}

/** A command asks for its settings as the first thing it does, after its words, options and arguments were read. */
const isTaken = async (program: typeof import('../src/main/program.ts').program, command: string): Promise<boolean> => {
  const taken = new Taken()
  const words = command.split(' ').slice(1)
  const end = await program(words, () => {
    throw taken
  }).catch((error: unknown) => error)
  return end === taken
}

/** `annai …` in blocks and between backquotes, without what the shell does around it. */
const commandsIn = (text: string): readonly string[] =>
  [...text.matchAll(/(?:^|`)(?:[A-Z_]+=\S+ )*(?:npx )?(annai [a-z][^`\n]*)/gm)].map(([, command = '']) =>
    command.replace(/\s*(?:[#>|]| {2}).*$/, '').trimEnd(),
  )

const methodOf = (route: Route): string => {
  switch (route.kind) {
    case 'page':
      return 'GET'
    case 'form':
    case 'upload':
      return 'POST'
    case 'program':
    case 'callback':
      return route.method
  }
}

type JsonSchema = {
  readonly type?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly default?: unknown
}

type Leaf = { readonly key: string; readonly fallback: string }

/** Every key that holds a value, as docs/operating.md writes it; `*` stands for a name of one's own or a place in a list. */
function leavesOf(schema: JsonSchema, key: string, isRequired: boolean): readonly Leaf[] {
  const below = (name: string) => (key === '' ? name : `${key}.${name}`)
  if (schema.properties !== undefined)
    return Object.entries(schema.properties).flatMap(([name, inner]) =>
      leavesOf(inner, below(name), schema.required?.includes(name) ?? false),
    )
  const [named] = Object.values(schema.patternProperties ?? {})
  if (named?.properties !== undefined) return leavesOf(named, below('*'), true)
  if (schema.items?.properties !== undefined) return leavesOf(schema.items, below('*'), true)
  const fallback = schema.default === undefined ? (isRequired ? 'required' : 'none') : said(schema.default)
  return [{ key, fallback }]
}

function said(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ')
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, meaning]) => `${name} ${meaning}`)
      .join(', ')
  return String(value)
}

test('the lock file names the packages of every platform, or npm ci refuses it', () => {
  // npm leaves those out that the registry in use does not have: add them by hand (version, optional, os, cpu).
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
  }
  const missing = Object.values(packages)
    .flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}))
    .filter((name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)))
  expect(missing).toEqual([])
})
