import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/** A small house in which every rule is broken once: file, what it imports, the rule that must object. */
const violations: readonly (readonly [file: string, imports: string, rule: string])[] = [
  ['src/audit/early.store.ts', "import '#bills'", 'audit-imports-only-earlier-slices'],
  ['src/answers/early.store.ts', "import '#guidance'", 'answers-imports-only-earlier-slices'],
  ['src/guidance/early.pages.ts', "import '../sandbox/sandbox.ts'", 'guidance-imports-only-earlier-slices'],
  ['src/bills/side-door.store.ts', "import '../audit/line.store.ts'", 'through-the-front-door'],
  ['src/main/side-door.ts', "import '../audit/line.store.ts'", 'main-uses-front-doors'],
  ['src/values/disk.ts', "import 'node:fs'", 'values-are-pure'],
  ['src/bills/impure.rules.ts', "import '#platform/clock'", 'rules-are-pure'],
  ['src/bills/loading.views.ts', "import './bills.store.ts'", 'views-only-render'],
  ['src/bills/sql.rules.ts', "import '#platform/database/database'", 'only-stores-speak-sql'],
  ['src/bills/http.store.ts', "import '#platform/http/http'", 'only-pages-know-http'],
  ['src/bills/calling.store.ts', "import '#platform/gateways/gateway'", 'only-jobs-call-out'],
  ['src/platform/knowing.ts', "import '#bills'", 'platform-knows-no-slice'],
  ['src/bills/upwards.store.ts', "import '../main/annai.ts'", 'nobody-imports-main'],
  ['src/bills/testing.store.ts', "import '../../test/world.ts'", 'no-test-code-in-production'],
  ['src/bills/circle-two.store.ts', "import './circle.store.ts'", 'no-cycles'],
  ['src/bills/nowhere.store.ts', "import './nowhere-at-all.ts'", 'no-unresolved'],
  ['src/bills/package.store.ts', "import 'kysely'", 'packages-enter-through-the-platform'],
]

const innocent = [
  ...['audit', 'bills', 'guidance', 'sandbox'].map((slice) => `src/${slice}/${slice}.ts`),
  ...[
    'audit/line.store',
    'bills/bills.store',
    'platform/clock',
    'platform/database/database',
    'platform/http/http',
  ].map((name) => `src/${name}.ts`),
  'src/platform/gateways/gateway.ts',
  'src/main/annai.ts',
  'test/world.ts',
]

let house: string
let objections: ReadonlySet<string>

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'annai-house-'))
  for (const name of ['package.json', 'tsconfig.json', '.dependency-cruiser.mjs'])
    await cp(join(root, name), join(house, name))
  await symlink(join(root, 'node_modules'), join(house, 'node_modules'))
  for (const file of innocent) await write(file, 'export const here = 1\n')
  // A circle is reported once, at one of its files.
  await write('src/bills/circle.store.ts', "import './circle-two.store.ts'\n")
  for (const [file, imports] of violations) await write(file, `${imports}\nexport const here = 1\n`)
  objections = await cruise(house)
})

afterAll(() => rm(house, { recursive: true, force: true }))

test.each(violations)('%s with %s breaks %s', (file, _, rule) => {
  expect(objections).toContain(`${rule}: ${file}`)
})

test('no innocent file is objected to', () => {
  const guilty = new Set(violations.map(([file]) => file))
  expect([...objections].filter((objection) => !guilty.has(objection.replace(/^.*: /, '')))).toEqual([])
})

const write = async (file: string, text: string): Promise<void> => {
  await mkdir(dirname(join(house, file)), { recursive: true })
  await writeFile(join(house, file), text)
}

const cruise = async (folder: string): Promise<ReadonlySet<string>> => {
  const program = join(root, 'node_modules/.bin/depcruise')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src', 'test'],
    { cwd: folder, maxBuffer: 1 << 26 },
  ).catch((error: { stdout: string }) => error)
  const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string }; from: string }[] } }
  return new Set(summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`))
}
