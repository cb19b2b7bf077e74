import { listOpenBills, totalOn } from '#bills'
import { listCustomerNumbers } from '#customers'
import { readPayers } from '#intake'
import {
  adviseOn,
  countUnmatched,
  type Deposit,
  type DepositPlace,
  findDeposit,
  listMatchedByPerson,
  listUnmatched,
  listUses,
  matchByHand,
  takeApart,
} from '#payments'
import { day as knownDay } from '#values/day'
import { isUuid } from '#values/id'
import { maskId } from '#values/mask'
import type { ConsoleRoute, OperatorAsked, OperatorSent } from './console-route.ts'
import { countedMax } from './counted.ts'
import { allPages } from './csv-reply.ts'
import { depositPage } from './deposit.views.ts'
import { channelWords, depositRefusals } from './deposit-words.ts'
import { type DepositFilters, depositsPage } from './deposits.views.ts'
import type { ConsoleDesk } from './desk.ts'
import { listFile } from './export-list.ts'
import type { FieldProblem } from './form.views.ts'
import { rowsShown } from './list.views.ts'
import { readPlace } from './list-place.rules.ts'
import { listMaskedCustomers } from './masked-customers.ts'
import { actorOf } from './operator.ts'
import { page, seeOther } from './replies.pages.ts'
import { consoleTroublePage } from './trouble.views.ts'
import { unmatchedWords } from './unmatched-words.rules.ts'
import { urls } from './urls.ts'

export const depositsRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  { kind: 'page', path: urls.deposits, may: 'see-case', show: (asked) => showDeposits(desk, asked) },
  listFile(desk, { path: urls.depositsCsv }, (asked) => {
    const filters = filtersOf(asked)
    return {
      title: filters.of === 'waiting' ? '未照合入金' : '担当者による消込',
      header: [
        '入金日',
        '金額',
        '経路',
        '番号',
        filters.of === 'waiting' ? '待っている理由' : '顧客番号',
        '速報・確報',
      ],
      rows: depositRows(desk, filters),
    }
  }),
  { kind: 'page', path: urls.deposit(':id'), may: 'see-case', show: (asked) => showDeposit(desk, asked) },
  {
    kind: 'form',
    path: urls.matchDeposit(':id'),
    may: 'match-deposits',
    act: { commits: 'by-itself', run: (sent) => match(desk, sent) },
    again: (sent) => showDeposit(desk, sent, [stale]),
  },
  {
    kind: 'form',
    path: urls.unmatchDeposit(':id'),
    may: 'match-deposits',
    act: { commits: 'by-itself', run: (sent) => unmatch(desk, sent) },
    again: (sent) => showDeposit(desk, sent, [stale]),
  },
]

const stale: FieldProblem = {
  field: 'main',
  text: '画面の有効期限が切れました。内容を確認して、もう一度お試しください。',
}

const showDeposits = async ({ w, look }: ConsoleDesk, asked: OperatorAsked) => {
  const filters = filtersOf(asked)
  const read = filters.of === 'waiting' ? listUnmatched : listMatchedByPerson
  const { channel } = filters
  const deposits = await read(w.db, { channel, after: placeOf(asked.query.after), limit: rowsShown + 1 })
  const shown = deposits.slice(0, rowsShown)
  const customers = await listMaskedCustomers(
    w,
    shown.flatMap(({ customerId }) => customerId ?? []),
  )
  return page(
    depositsPage(look, asked, {
      filters,
      deposits: shown,
      waiting: await countUnmatched(w.db, countedMax),
      customers,
      hasMore: deposits.length > rowsShown,
    }),
  )
}

const filtersOf = ({ query: { of, channel } }: OperatorAsked): DepositFilters => ({
  of: of === 'matched' ? 'matched' : 'waiting',
  channel: channel !== undefined && Object.hasOwn(channelWords, channel) ? (channel as Deposit['channel']) : undefined,
})

const placeOf = (text: string | undefined): DepositPlace | undefined => {
  const [day, id] = readPlace(text, ['day', 'id']) ?? []
  return day === undefined || id === undefined ? undefined : { onDay: knownDay(day), id }
}

async function* depositRows({ w }: ConsoleDesk, { of, channel }: DepositFilters) {
  const list = of === 'waiting' ? listUnmatched : listMatchedByPerson
  const read = (after: DepositPlace | undefined, limit: number) => list(w.db, { channel, after, limit })
  for await (const deposits of allPages(read, (deposit: Deposit) => deposit))
    for (const { onDay, amount, channel, reference, because, customerNumber, isFinal } of deposits)
      yield [
        onDay,
        amount,
        channelWords[channel],
        reference === null ? '' : maskId(reference),
        because === null ? customerNumber && maskId(customerNumber) : unmatchedWords[because],
        isFinal ? '確報' : '速報',
      ]
}

/** One deposit: whose it is and what it paid, or whose it may be. */
const showDeposit = async (
  desk: ConsoleDesk,
  asked: OperatorAsked & Partial<Pick<OperatorSent, 'form'>>,
  problems: readonly FieldProblem[] = [],
) => {
  const { w, look } = desk
  const { id = '' } = asked.params
  const deposit = isUuid(id) ? await findDeposit(w.db, id) : undefined
  if (deposit === undefined) return page(consoleTroublePage(look, 404), 404)
  const [advice] = await adviseOn(w.db, w, [deposit], (importId, records) => readPayers(w, importId, records))
  const suggestions = deposit.customerId === null && deposit.endedAt === null ? (advice?.suggestions ?? []) : []
  const shownIds = [
    ...suggestions.map(({ customerId }) => customerId),
    ...(deposit.customerId ? [deposit.customerId] : []),
  ]
  const bills = await listOpenBills(w.db, shownIds, w.creditor.products)
  const [next] = await listUnmatched(w.db, { after: deposit, limit: 1 })
  return page(
    depositPage(look, asked, {
      deposit,
      payer: advice?.payer,
      because: advice?.because,
      suggestions: suggestions.map((suggestion) => {
        const owed = bills.filter(({ customerId }) => customerId === suggestion.customerId)
        return { suggestion, billCount: owed.length, owed: totalOn(owed, w.creditor.products, deposit.onDay) }
      }),
      uses: deposit.customerId === null ? [] : await listUses(w.db, deposit.id),
      customers: await listMaskedCustomers(w, shownIds),
      nextId: next?.id,
      typed: { customerNumber: asked.form?.customerNumber ?? '', contractNumber: asked.form?.contractNumber ?? '' },
      problems,
    }),
    problems.length === 0 ? 200 : 422,
  )
}

/** To a customer who was suggested, or whose number was typed. */
const match = async (desk: ConsoleDesk, sent: OperatorSent) => {
  const { w } = desk
  const { params, form, operator, now } = sent
  const depositId = params.id ?? ''
  if (!isUuid(depositId)) return showDeposit(desk, sent)
  const customerNumber = await numberOf(desk, form)
  if (customerNumber === '')
    return showDeposit(desk, sent, [{ field: 'customerNumber', text: '顧客番号を入力してください' }])
  const contractNumber = form.contractNumber?.trim() || undefined
  const outcome = await matchByHand(w, { depositId, customerNumber, contractNumber, by: actorOf(operator), now })
  if (outcome.kind === 'matched') return seeOther(`${urls.deposit(depositId)}?said=matched`)
  return showDeposit(desk, sent, [{ field: fieldOf(outcome.because), text: depositRefusals[outcome.because] }])
}

const fieldOf = (because: keyof typeof depositRefusals): string => {
  if (because === 'no-such-customer') return 'customerNumber'
  return because === 'no-open-bill' || because === 'several-bills' ? 'contractNumber' : 'main'
}

const numberOf = async (
  { w }: ConsoleDesk,
  { customer, customerNumber = '' }: OperatorSent['form'],
): Promise<string> => {
  if (customer === undefined || !isUuid(customer)) return customerNumber.trim()
  return (await listCustomerNumbers(w.db, [customer])).get(customer) ?? ''
}

const unmatch = async (desk: ConsoleDesk, sent: OperatorSent) => {
  const { params, operator, now } = sent
  const depositId = params.id ?? ''
  if (!isUuid(depositId)) return showDeposit(desk, sent)
  const outcome = await takeApart(desk.w, { depositId, by: actorOf(operator), now })
  if (outcome.kind === 'taken-apart') return seeOther(`${urls.deposit(depositId)}?said=taken-apart`)
  return showDeposit(desk, sent, [{ field: 'main', text: depositRefusals[outcome.because] }])
}
