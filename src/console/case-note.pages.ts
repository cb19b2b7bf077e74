import { writeAudit } from '#audit'
import { getCustomerKey } from '#customers'
import { caseActRoutes } from './case-act.pages.ts'
import { notePage } from './case-act.views.ts'
import { insertNote, noteSignsMax } from './case-note.store.ts'
import type { ConsoleRoute } from './console-route.ts'
import type { ConsoleDesk } from './desk.ts'
import { actorOf } from './operator.ts'
import { urls } from './urls.ts'

export const noteRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] =>
  caseActRoutes(desk, {
    path: urls.caseNote(':id'),
    show: async ({ look }, asked, somebody, typed) =>
      notePage(look, asked.frame, { somebody, typed, formId: asked.formId(urls.caseNote(somebody.customer.id)) }),
    act: async ({ w }, { form, operator, now }, { customer }, tx) => {
      const text = (form.text ?? '').replaceAll('\r\n', '\n').trim()
      if (text === '') return { problems: [{ field: 'text', text: 'お話しの内容を入力してください。' }] }
      if (text.length > noteSignsMax)
        return {
          problems: [{ field: 'text', text: `${noteSignsMax}文字までで入力してください（いま${text.length}文字）。` }],
        }
      const by = actorOf(operator)
      const key = await getCustomerKey(tx, w.vault, customer.id)
      const noteId = await insertNote(tx, key, { customerId: customer.id, text, by }, now)
      await writeAudit(tx, { at: now, actor: by, act: 'note.written', customerId: customer.id, facts: { noteId } })
      return 'note'
    },
  })
