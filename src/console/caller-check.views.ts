import { type Html, html } from '#platform/html/html'
import { type CheckedField, checkedFields, checksMax, type Said } from './caller-check.rules.ts'
import { formField } from './form.views.ts'
import { urls } from './urls.ts'

export type CheckShown = {
  readonly formId: string
  readonly result:
    | { readonly kind: 'none' }
    | {
        readonly kind: 'compared'
        readonly asked: readonly CheckedField[]
        readonly matched: readonly CheckedField[]
      }
    | { readonly kind: 'unclear'; readonly fields: readonly CheckedField[]; readonly said: Said }
    | { readonly kind: 'limited'; readonly by: 'customer' | 'operator' }
    | { readonly kind: 'stale' }
}

const fields: Readonly<Record<CheckedField, { readonly label: string; readonly hint: string }>> = {
  name: { label: 'お名前（カナ）', hint: '姓名を続けて' },
  birthDate: { label: '生年月日', hint: '例）19600704' },
  phone: { label: '携帯電話番号', hint: '例）09012345678' },
}

/** Takes what a caller says and tells whether it is so. What is on file is nowhere on this card. */
export const callerCheckCard = (
  customerId: string,
  { formId, result }: CheckShown,
  mayAct: boolean,
): Html | undefined => {
  if (!mayAct) return undefined
  const said = result.kind === 'unclear' ? result.said : { name: '', birthDate: '', phone: '' }
  const wrong = result.kind === 'unclear' ? result.fields : []
  return html`<section class="card check" id="check"><h2>お電話の方の確認</h2>
${resultWords(result)}
<form method="post" action="${urls.caseCheck(customerId)}" autocomplete="off">${formField(formId)}
${checkedFields.map(
  (field) =>
    html`<div class="field${wrong.includes(field) && ' wrong'}"><label for="said-${field}">${fields[field].label}</label>
<input type="text" id="said-${field}" name="${field}" value="${said[field]}" aria-describedby="hint-${field}"${wrong.includes(field) && html` aria-invalid="true"`}><small id="hint-${field}">${fields[field].hint}</small></div>
`,
)}<button class="button quiet">照合</button></form>
</section>`
}

const resultWords = (result: CheckShown['result']): Html | undefined => {
  switch (result.kind) {
    case 'none':
      return undefined
    case 'compared':
      return html`<p class="compared" role="status">${result.asked.map((field) => {
        const isSame = result.matched.includes(field)
        return html`<span>${fields[field].label} <b class="${isSame ? 'go' : 'stop'}">${isSame ? '一致' : '不一致'}</b></span> `
      })}</p>`
    case 'unclear':
      return html`<p class="fault" role="alert">${result.fields.map((field) => fields[field].label).join('・')}を読み取れません。もう一度お確かめください（照合はしていません）。</p>`
    case 'limited':
      return html`<p class="fault" role="alert">${
        result.by === 'customer'
          ? `このお客様の照合は、1日${checksMax.ofCustomerPerDay}回までです。明日もう一度お確かめいただくか、責任者にご相談ください。`
          : `照合は、1時間に${checksMax.ofOperatorPerHour}回までです。しばらくしてからお試しください。`
      }</p>`
    case 'stale':
      return html`<p class="fault" role="alert">画面を開いてから時間がたったため、照合していません。もう一度入力してください。</p>`
  }
}
