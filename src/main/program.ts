import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { type Day, parseDay } from '#values/day'
import type { Settings } from './settings.ts'

/** A command: settings, its options, its arguments. It answers with the exit code. Commander has parsed what it gets. */
type Act = (settings: Settings, options: never, ...args: never[]) => Promise<number>

/** Loaded when it is called for: a command should not wait for what only others need. */
type Load = () => Promise<Act>

type AsAction = (load: Load) => (...given: unknown[]) => Promise<void>

/** Runs the command line. 0 done, 1 refused or failed, 2 wrong usage. */
export const program = async (argv: readonly string[], settings: () => Settings): Promise<number> => {
  let code = 0
  const root = commands((load) => async (...given) => {
    // Commander calls with the arguments, the options, and itself.
    const [options, args] = [given.at(-2), given.slice(0, -2)]
    const act = (await load()) as (settings: Settings, ...rest: unknown[]) => Promise<number>
    code = await act(settings(), options, ...args)
  })
  try {
    await root.parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
}

const commands = (action: AsAction): Command => {
  const root = new Command('annai')
    .description('Payment guidance after a failed direct debit.')
    .exitOverride()
    .showHelpAfterError('(annai --help shows the commands)')
    .configureHelp({ showGlobalOptions: true })
  withExamples(root, [
    'annai demo                                   everything at once, with sample data',
    'annai import customers master.csv            the creditor’s customers and contracts',
    'annai import debits result.txt               the bank’s result file (Zengin 91)',
    'annai import deposits notice.txt             money that came (Zengin 01, 03, convenience stores)',
    'annai outreach plan                          who gets a notice, who does not, and why',
    'annai outreach approve ID                    let it go out',
    'annai export answers --format jsonl          what customers answered',
  ])

  root
    .command('demo')
    .description('site, carrier, phone and clock on this machine, with invented people')
    .action(action(async () => (await import('./commands/demo.ts')).demoCommand))
  root
    .command('serve')
    .description('the customers’ site')
    .action(action(async () => (await import('./commands/serve.ts')).serveCommand))
  root
    .command('work')
    .description('sending and everything that falls due')
    .action(action(async () => (await import('./commands/serve.ts')).workCommand))
  root
    .command('migrate')
    .description('bring the database up to this program')
    .action(action(async () => (await import('./commands/install.ts')).migrateCommand))
  root
    .command('doctor')
    .description('look whether everything is in place')
    .addOption(json())
    .action(action(async () => (await import('./commands/doctor.ts')).doctorCommand))
  root
    .command('policy')
    .description('the guess probabilities of the running configuration')
    .addOption(json())
    .action(action(async () => (await import('./commands/policy.ts')).policyCommand))

  const keys = root.command('keys').description('the key file')
  keys
    .command('init')
    .description('make a key file for a database of your own')
    .action(action(async () => (await import('./commands/install.ts')).initKeysCommand))

  const imports = root.command('import').description('take in files')
  withExamples(
    imports
      .command('customers')
      .description('customers and contracts, CSV in UTF-8 or CP932')
      .argument('<file>')
      .option('--rejected <file>', 'where rejected rows go, with their reasons (default: beside the file)')
      .addOption(as())
      .addOption(json())
      .action(action(async () => (await import('./commands/import.ts')).importCustomersCommand)),
    ['annai import customers master.csv', 'annai import customers master.csv --rejected rejected.csv'],
  )
  withExamples(
    imports
      .command('debits')
      .description('a bank’s result file, Zengin 91')
      .argument('<file>')
      .option('--received <day>', 'the day the file came, YYYY-MM-DD (default: today in Japan)', day)
      .option('--replaces <id>', 'the import of the same debit that this file replaces')
      .addOption(as())
      .addOption(json())
      .action(action(async () => (await import('./commands/import.ts')).importDebitsCommand)),
    ['annai import debits result.txt', 'annai import debits result.txt --received 2026-11-25 --json'],
  )
  withExamples(
    imports
      .command('deposits')
      .description('money that came: Zengin 01 or 03, or an agent’s CSV of convenience-store payments')
      .argument('<file>')
      .option('--received <day>', 'the day the file came, YYYY-MM-DD (default: today in Japan)', day)
      .addOption(as())
      .addOption(json())
      .action(action(async () => (await import('./commands/import-deposits.ts')).importDepositsCommand)),
    ['annai import deposits notice.txt', 'annai import deposits konbini.csv --json'],
  )
  withExamples(
    imports
      .command('accounts')
      .description('a bank’s list of virtual accounts, CSV, for the pool')
      .argument('<file>')
      .addOption(as())
      .addOption(json())
      .action(action(async () => (await import('./commands/import-deposits.ts')).importAccountsCommand)),
    ['annai import accounts accounts.csv'],
  )
  imports
    .command('undo')
    .description('take an import of money back, or one of debits until a notice of it has left')
    .argument('<id>')
    .addOption(as())
    .addOption(json())
    .action(action(async () => (await import('./commands/import.ts')).undoImportCommand))

  const outreach = root.command('outreach').description('campaigns of notices')
  const id = '019ab0c2-0000-7000-8000-000000000000'
  withExamples(
    outreach
      .command('plan')
      .description('decide for every open case: a notice, or the reason why not')
      .addOption(as())
      .addOption(json())
      .action(action(async () => (await import('./commands/outreach.ts')).planCommand)),
    ['annai outreach plan', 'annai outreach plan --as sato --json'],
  )
  withExamples(
    outreach
      .command('list')
      .description('the last campaigns and how each stands')
      .addOption(json())
      .action(action(async () => (await import('./commands/outreach.ts')).listCommand)),
    ['annai outreach list', 'annai outreach list --json'],
  )
  withExamples(
    outreach
      .command('show')
      .description('a campaign’s state, counts, reasons and delivery')
      .argument('[id]', 'the latest when left out')
      .option('--decisions', 'every decision with its chain of reasons, one JSON line each')
      .addOption(json())
      .action(action(async () => (await import('./commands/outreach.ts')).showCommand)),
    ['annai outreach show', `annai outreach show ${id} --json`, 'annai outreach show --decisions > decisions.jsonl'],
  )
  withExamples(
    outreach
      .command('approve')
      .description('let a campaign go out')
      .argument('<id>')
      .addOption(as())
      .addOption(json())
      .action(action(async () => (await import('./commands/outreach.ts')).approveCommand)),
    [`annai outreach approve ${id}`],
  )
  withExamples(
    outreach
      .command('pause')
      .description('stop a campaign within a second; it can be resumed')
      .argument('<id>')
      .addOption(reason())
      .addOption(as())
      .addOption(json())
      .action(action(async () => (await import('./commands/outreach-control.ts')).pauseCommand)),
    [`annai outreach pause ${id} --reason 文面の確認`],
  )
  withExamples(
    outreach
      .command('resume')
      .description('let a paused campaign go on; nothing is sent twice')
      .argument('<id>')
      .addOption(reason())
      .addOption(as())
      .addOption(json())
      .action(action(async () => (await import('./commands/outreach-control.ts')).resumeCommand)),
    [`annai outreach resume ${id}`],
  )
  withExamples(
    outreach
      .command('cancel')
      .description('stop a campaign for good; what has not left is excluded')
      .argument('<id>')
      .option('--yes', 'without asking for the number of notices that have not left')
      .addOption(reason())
      .addOption(as())
      .addOption(json())
      .action(action(async () => (await import('./commands/outreach-control.ts')).cancelCommand)),
    [`annai outreach cancel ${id}`, `annai outreach cancel ${id} --yes --reason 二重計上`],
  )

  const message = root.command('message').description('what became of a single message, and why')
  withExamples(
    message
      .command('list')
      .description('a customer’s messages, the newest first')
      .argument('<customer>', 'customer number')
      .addOption(json())
      .action(action(async () => (await import('./commands/message.ts')).listMessagesCommand)),
    ['annai message list C0000001', 'annai message list C0000001 --json'],
  )
  withExamples(
    message
      .command('show')
      .description('its log: each state, gateway and reason, and what the rules said')
      .argument('<id>')
      .addOption(json())
      .action(action(async () => (await import('./commands/message.ts')).showMessageCommand)),
    ['annai message show 019ab0c2-0001-7000-8000-000000000000'],
  )

  const hold = root.command('hold').description('stop contact with a customer, or allow it again')
  for (const [name, description, act] of [
    ['add', 'stop contact', async () => (await import('./commands/hold.ts')).addHoldCommand],
    ['release', 'allow contact again', async () => (await import('./commands/hold.ts')).releaseHoldCommand],
  ] as const)
    withExamples(
      hold
        .command(name)
        .description(description)
        .argument('<customer>', 'customer number')
        .addOption(
          new Option('--reason <reason>')
            .choices(['legal', 'death', 'dispute', 'hardship', 'wrong-number'])
            .makeOptionMandatory(),
        )
        .option('--document <day>', 'the day of the document, YYYY-MM-DD', day)
        .addOption(as())
        .addOption(json())
        .action(action(act)),
      [`annai hold ${name} C0000001 --reason legal --document 2026-11-24`],
    )

  const deposits = root
    .command('deposits')
    .description('money that came in: what waits for people, and what is left over')
  withExamples(
    deposits
      .command('unmatched')
      .description('money of which nobody can tell whose it is, and whose it may be')
      .addOption(names())
      .addOption(as())
      .addOption(json())
      .action(action(async () => (await import('./commands/deposits.ts')).unmatchedCommand)),
    ['annai deposits unmatched', 'annai deposits unmatched --names 入金消込 --as sato'],
  )
  withExamples(
    deposits
      .command('show')
      .description('one deposit: whose it is and why, and what it was put on')
      .argument('<id>')
      .addOption(names())
      .addOption(as())
      .addOption(json())
      .action(action(async () => (await import('./commands/deposits.ts')).showDepositCommand)),
    [`annai deposits show ${id}`],
  )
  withExamples(
    deposits
      .command('match')
      .description('say whose it is')
      .argument('<id>')
      .requiredOption('--customer <number>', 'customer number')
      .option('--contract <number>', 'only for the bill of this contract')
      .addOption(as())
      .addOption(json())
      .action(action(async () => (await import('./commands/deposits.ts')).matchCommand)),
    [`annai deposits match ${id} --customer C0000001 --as sato`],
  )
  withExamples(
    deposits
      .command('unmatch')
      .description('take it from a customer whose it is not; what it paid is owed again')
      .argument('<id>')
      .addOption(as())
      .addOption(json())
      .action(action(async () => (await import('./commands/deposits.ts')).unmatchCommand)),
    [`annai deposits unmatch ${id} --as sato`],
  )
  withExamples(
    deposits
      .command('surplus')
      .description('money that is left over, to be given back')
      .addOption(json())
      .action(action(async () => (await import('./commands/surplus.ts')).surplusCommand)),
    ['annai deposits surplus'],
  )
  withExamples(
    deposits
      .command('refund')
      .description('write down that what is left over was given back')
      .argument('<id>')
      .addOption(as())
      .addOption(json())
      .action(action(async () => (await import('./commands/surplus.ts')).refundCommand)),
    [`annai deposits refund ${id} --as sato`],
  )

  const exports = root.command('export').description('hand results back')
  const feed = (name: string) =>
    exports
      .command(name)
      .addOption(new Option('--format <format>').choices(['csv', 'jsonl']).default('csv'))
      .addOption(
        new Option('--encoding <encoding>', 'of CSV').choices(['utf8-bom', 'utf8', 'cp932']).default('utf8-bom'),
      )
      .option('--after <cursor>', 'only what came after this cursor', cursor)
  withExamples(
    feed('answers')
      .description('answers for the core system, in the order of the feed')
      .action(action(async () => (await import('./commands/export.ts')).exportAnswersCommand)),
    ['annai export answers > answers.csv', 'annai export answers --format jsonl --after 1200'],
  )
  withExamples(
    feed('deposits')
      .description('money that came in and what it paid, in the order of the feed')
      .action(action(async () => (await import('./commands/export.ts')).exportDepositsCommand)),
    ['annai export deposits > deposits.csv', 'annai export deposits --format jsonl --after 1200'],
  )

  const audit = root.command('audit').description('the audit log')
  audit
    .command('verify')
    .description('find the first broken, missing or unsealed line')
    .addOption(json())
    .action(action(async () => (await import('./commands/audit.ts')).verifyAuditCommand))
  return root
}

const withExamples = (command: Command, examples: readonly string[]): Command =>
  command.addHelpText('before', ['Examples:', ...examples.map((line) => `  ${line}`), ''].join('\n'))

const json = () => new Option('--json', 'one JSON object on standard output')
const reason = () =>
  new Option('--reason <text>', 'why, for whoever looks at the campaign; no names or numbers of customers')
const names = () => new Option('--names <reason>', 'show payers’ names in full, and why somebody looks: it is recorded')
const as = () => new Option('--as <name>', 'who does this, for the audit log').default(undefined)

const day = (text: string): Day => {
  const parsed = parseDay(text)
  if (parsed === undefined) throw new InvalidArgumentError('A day is written YYYY-MM-DD.')
  return parsed
}

const cursor = (text: string): number => {
  const number = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number))
    throw new InvalidArgumentError('A cursor is a whole number.')
  return number
}
