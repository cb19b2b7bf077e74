import type { WorkItem } from '#answers'
import { type Html, html } from '#platform/html/html'
import { form } from './form.views.ts'
import { readPlace } from './list-place.rules.ts'
import { urls } from './urls.ts'

export type WorkItemForms = {
  readonly mayAct: boolean
  /** The list to come back to, with its filters. */
  readonly back: string
  formId(path: string): string
}

/** 対応済みにする, or put it back. Whoever may not has only the state. */
export const workItemButton = (
  item: Pick<WorkItem, 'customerId' | 'id' | 'closedAt'>,
  { mayAct, back, formId }: WorkItemForms,
): Html => {
  const isOpen = item.closedAt === null
  if (!mayAct) return html`${isOpen ? '未対応' : '対応済み'}`
  const path = isOpen ? urls.closeWorkItem(item.customerId, item.id) : urls.reopenWorkItem(item.customerId, item.id)
  return form(
    path,
    formId(path),
    html`<input type="hidden" name="back" value="${back}"><button class="link">${isOpen ? '対応済みにする' : '未対応に戻す'}</button>`,
  )
}

/** What the last act came to, with the way back. */
export const workItemNote = (
  { said, item }: Readonly<Record<string, string | undefined>>,
  { mayAct, back, formId }: WorkItemForms,
): Html | undefined => {
  if (said === undefined || !Object.hasOwn(words, said)) return undefined
  const { tone, text } = words[said as keyof typeof words]
  const [customerId, id] = readPlace(item, ['id', 'id']) ?? []
  const undo =
    mayAct && said === 'closed' && customerId !== undefined && id !== undefined
      ? workItemButton({ customerId, id, closedAt: new Date(0) }, { mayAct, back, formId })
      : undefined
  return html`<div class="note ${tone} said" role="status"><p>${text}</p>${undo}</div>`
}

const words = {
  closed: { tone: 'good', text: '対応済みにしました。' },
  reopened: { tone: 'good', text: '未対応に戻しました。' },
  'closed-already': { tone: 'warn', text: 'ほかの担当者が先に対応済みにしていました。' },
  'open-already': { tone: 'warn', text: 'すでに未対応に戻っています。' },
  'not-listed': { tone: 'warn', text: 'この番号は、すでに一覧にありません。' },
} as const
