// The architecture, as a list. A slice may import only the slices written before it. test/import-rules.test.ts shows that each rule can fail.
const slices = [
  'audit',
  'creditor',
  'customers',
  'messages',
  'bills',
  'answers',
  'payments',
  'identity',
  'outreach',
  'intake',
  'handback',
  'guidance',
  'console',
  'sandbox',
]
const anySlice = slices.join('|')
const role = (name) => `^src/(${anySlice})/[a-z0-9.-]*${name}[.]ts$`
const test = '[.]test[.]ts$'

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

const sliceOrder = slices
  .slice(0, -1)
  .map((slice, i) =>
    forbid(
      `${slice}-imports-only-earlier-slices`,
      'Slices form a line, so there is always one place to start reading.',
      { path: `^src/${slice}/`, pathNot: test },
      { path: `^src/(${slices.slice(i + 1).join('|')})/` },
    ),
  )

export default {
  forbidden: [
    ...sliceOrder,
    forbid(
      'through-the-front-door',
      'Another slice is reached only by its <slice>/<slice>.ts file.',
      { path: `^src/(${anySlice})/`, pathNot: test },
      { path: `^src/(${anySlice})/`, pathNot: ['^src/$1/', ...slices.map((s) => `^src/${s}/${s}[.]ts$`)] },
    ),
    forbid(
      'main-uses-front-doors',
      'The wiring knows what a slice offers, not how it is made.',
      { path: '^src/main/', pathNot: test },
      { path: `^src/(${anySlice})/`, pathNot: slices.map((s) => `^src/${s}/${s}[.]ts$`) },
    ),
    forbid(
      'values-are-pure',
      'Values know nothing but other values: no clock, no disk, no network, no package.',
      { path: '^src/values/', pathNot: test },
      { pathNot: '^src/values/' },
    ),
    forbid(
      'rules-are-pure',
      'A rule takes facts and returns a decision. Types may come from elsewhere; code only from values, other rules and the creditor.',
      { path: role('rules') },
      {
        pathNot: ['^src/values/', '^crypto$', role('rules'), `^src/(${anySlice})/(?:${anySlice})[.]ts$`],
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'views-only-render',
      'A view turns data into HTML.',
      { path: role('views') },
      {
        path: ['^src/platform/(?!html/)', role('store'), role('jobs'), role('pages'), '^src/main/'],
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'only-stores-speak-sql',
      'SQL lives in store files, so a schema change has one place to look. Jobs and pages may open a transaction.',
      { path: `^src/(${anySlice})/`, pathNot: [role('store'), role('jobs'), role('pages'), test] },
      { path: '^src/platform/database/', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'only-pages-know-http',
      'Requests and responses stop at the pages.',
      { path: `^src/(${anySlice})/`, pathNot: [role('pages'), test] },
      { path: '^src/platform/http/', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'only-jobs-call-out',
      'No customer waits on a third party: the outside world is called from jobs.',
      { path: `^src/(${anySlice})/`, pathNot: [role('jobs'), '^src/sandbox/', test] },
      { path: '^src/platform/gateways/', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'platform-knows-no-slice',
      'The floor does not know the furniture.',
      { path: '^src/platform/', pathNot: test },
      { path: `^src/(${anySlice}|main)/` },
    ),
    forbid(
      'nobody-imports-main',
      'main wires the program together; nothing depends on the wiring.',
      { path: '^src/(?!main/)' },
      { path: '^src/main/' },
    ),
    forbid(
      'no-test-code-in-production',
      'Tests and their world stay outside.',
      { path: '^src/', pathNot: test },
      { path: ['[.]test[.]ts$', '^test/'] },
    ),
    forbid(
      'no-cycles',
      'A cycle means two files are one idea.',
      { path: '^(src|test)/' },
      { circular: true, dependencyTypesNot: ['type-only'] },
    ),
    forbid('no-unresolved', 'Every import exists.', {}, { couldNotResolve: true }),
    forbid(
      'packages-enter-through-the-platform',
      'Third-party code is wrapped once; slices never import a package.',
      { path: `^src/(${anySlice}|values)/`, pathNot: test },
      { dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['node', 'import', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.mjs'],
    },
  },
}
