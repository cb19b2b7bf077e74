import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import {
  debitOutcomes,
  type ImportCustomersOutcome,
  type ImportDebitsOutcome,
  importCustomers,
  importDebits,
  listNotBilled,
  type UndoDepositsOutcome,
  type UndoOutcome,
  undoImport,
} from '#intake'
import { fileSource } from '#platform/source'
import { type Day, dayInJst } from '#values/day'
import { maskId } from '#values/mask'
import { formatYen, yen } from '#values/yen'
import type { Settings } from '../settings.ts'
import { table, terminal, withProgress } from '../terminal.ts'
import type { World } from '../world.ts'
import { wordsOfRefused } from './refused-file-words.ts'
import { actorOf, withWorld } from './with-world.ts'

type Common = { readonly json?: boolean; readonly as?: string }

export const importCustomersCommand = (
  settings: Settings,
  options: Common & { readonly rejected?: string },
  file: string,
): Promise<number> =>
  withWorld(settings, async (world) => {
    const source = await fileSource(file)
    const rejectedPath = options.rejected ?? `${file}.rejected.csv`
    const outcome = await withProgress(source.name, (progress) =>
      importCustomers(world, source, {
        by: actorOf(options),
        now: world.clock.now(),
        progress,
        // Personal data of the creditor's own file: for its owner alone.
        writeRejected: (text) => pipeline(text, createWriteStream(rejectedPath, { mode: 0o600 })),
      }),
    )
    if (options.json) terminal.json({ ...outcome, ...(hasRejected(outcome) && { rejectedFile: rejectedPath }) })
    else sayCustomers(outcome, file, rejectedPath)
    return outcome.kind === 'imported' ? 0 : 1
  })

const hasRejected = (outcome: ImportCustomersOutcome): boolean =>
  outcome.kind === 'imported' && outcome.report.rejected > 0

const sayCustomers = (outcome: ImportCustomersOutcome, file: string, rejectedPath: string): void => {
  switch (outcome.kind) {
    case 'imported': {
      const { rows, rejected, customers, contracts, newAccounts, sharedIdentities } = outcome.report
      terminal.data(`imported ${outcome.id}: ${rows} rows`)
      terminal.data(
        table([
          ['', 'new', 'changed', 'as before'],
          ['customers', String(customers.new), String(customers.changed), String(customers.unchanged)],
          ['contracts', String(contracts.new), String(contracts.changed), String(contracts.unchanged)],
        ]),
      )
      if (newAccounts > 0) terminal.data(`${newAccounts} customers have their virtual account from now on`)
      if (sharedIdentities > 0)
        terminal.data(`${sharedIdentities} customers share phone, birth date and name with another customer number`)
      if (rejected > 0) terminal.data(`${rejected} rows were rejected; they are in ${rejectedPath} with their reasons`)
      return
    }
    default:
      wordsOfRefused(file, outcome, 'a customer file').forEach(terminal.say)
  }
}

export const importDebitsCommand = (
  settings: Settings,
  options: Common & { readonly received?: Day; readonly replaces?: string },
  file: string,
): Promise<number> =>
  withWorld(settings, async (world) => {
    const source = await fileSource(file)
    const now = world.clock.now()
    const outcome = await withProgress(source.name, (progress) =>
      importDebits(world, source, {
        by: actorOf(options),
        now,
        received: options.received ?? dayInJst(now),
        replaces: options.replaces,
        progress,
      }),
    )
    if (options.json) terminal.json(outcome)
    else await sayDebits(world, outcome, file)
    return outcome.kind === 'imported' || outcome.kind === 'already-imported' ? 0 : 1
  })

const notBilledShownMax = 100

const sayDebits = async (world: World, outcome: ImportDebitsOutcome, file: string): Promise<void> => {
  switch (outcome.kind) {
    case 'imported': {
      const { debits, totals } = outcome.report
      terminal.data(
        `imported ${outcome.id}: ${debits} debits${outcome.replaced ? `, replacing ${outcome.replaced}` : ''}`,
      )
      terminal.data(
        table(
          totals.map(({ outcome: what, count, amount }) => [
            what,
            String(count),
            formatYen(yen(amount)),
            debitOutcomes[what].because,
          ]),
        ),
      )
      await sayNotBilled(world, outcome.id)
      return
    }
    case 'already-imported':
      terminal.say(`${file}: this file was imported before, as ${outcome.id}. Nothing has changed.`)
      return
    case 'malformed':
      wordsOfRefused(file, outcome, 'a customer file').forEach(terminal.say)
      return
    case 'same-debits':
      terminal.say(
        `${file}: another file for the same 委託者コード, account and 引落日 is in force: ${outcome.importIds.join(', ')}. ` +
          'To correct it, name it with --replaces. Nothing has changed.',
      )
      return
    case 'replaces-other':
      terminal.say(`${file} is for other debits than import ${outcome.importId}. Nothing has changed.`)
      return
    default:
      terminal.say(`${sayUndo(outcome)} Nothing has changed.`)
  }
}

/** Everybody who will not be asked to pay, and why: the file's numbers are masked but for their end. */
const sayNotBilled = async (world: World, importId: string): Promise<void> => {
  const rows: (readonly string[])[] = []
  let count = 0
  for await (const row of listNotBilled(world.db, importId)) {
    count += 1
    if (count <= notBilledShownMax)
      rows.push([
        `record ${row.record}`,
        maskId(row.customerNumber),
        row.resultCode,
        debitOutcomes[row.outcome].because,
        row.candidates.map(maskId).join(' '),
      ])
  }
  if (count === 0) return
  terminal.data('\nnot billed:')
  terminal.data(table(rows))
  if (count > notBilledShownMax) terminal.data(`and ${count - notBilledShownMax} more`)
}

export const undoImportCommand = (settings: Settings, options: Common, id: string): Promise<number> =>
  withWorld(settings, async (world) => {
    const outcome = await undoImport(world, id, { by: actorOf(options), now: world.clock.now() })
    if (options.json) terminal.json(outcome)
    else terminal.say(sayUndo(outcome))
    return outcome.kind === 'ended' || outcome.kind === 'money-taken-back' ? 0 : 1
  })

const sayUndo = (outcome: UndoOutcome | UndoDepositsOutcome): string => {
  switch (outcome.kind) {
    case 'money-taken-back': {
      const { importId, deposits, restored, handedOver, reopened } = outcome
      const back = `${deposits.count} deposits (${formatYen(yen(deposits.amount))}) are taken back`
      return `Import ${importId} is undone: ${back}, ${restored} are in force again, ${handedOver} stay as a later file’s, ${reopened} bills are owed again.`
    }
    case 'money-refunded':
      return `Money of import ${outcome.importId} was paid back to customers, so it cannot be undone: ${outcome.depositIds.join(', ')}.`
    case 'ended':
      return `Import ${outcome.importId} is undone: ${outcome.withdrawn} bills withdrawn, ${outcome.reopened} reopened.`
    case 'no-such-import':
      return `There is no import ${outcome.importId}.`
    case 'stays':
      return outcome.of === 'customers'
        ? `Import ${outcome.importId} is a customer file: send a corrected one instead.`
        : `Import ${outcome.importId} is a list of accounts: they stay in the pool.`
    case 'ended-before':
      return `Import ${outcome.importId} was ${outcome.how} before.`
    case 'notice-has-left':
      return `A notice of import ${outcome.importId} has left: it can no longer be undone.`
  }
}
