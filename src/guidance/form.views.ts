import { type Html, html } from '#platform/html/html'

export const formField = (formId: string): Html => html`<input type="hidden" name="form" value="${formId}">`

/** One act: a form with its id and whatever it carries. */
export const form = (action: string, formId: string, inside: Html): Html =>
  html`<form method="post" action="${action}" novalidate>${formField(formId)}
${inside}</form>`

export type FieldProblem = { readonly field: string; readonly text: string }

/** What is wrong, before everything else, each leading to its field. */
export const errorSummary = (problems: readonly FieldProblem[]): Html | undefined =>
  problems.length === 0
    ? undefined
    : html`<div class="summary" role="alert" tabindex="-1" autofocus>
<h2>入力内容をご確認ください（${problems.length}件）</h2>
<ul>${problems.map(({ field, text }) => html`<li><a href="#${field}">${text}</a></li>`)}</ul>
</div>
`

export type TextField = {
  readonly name: string
  readonly label: string
  readonly hint: Html
  readonly value: string
  readonly problem: string | undefined
  readonly attributes: Html
  readonly kind?: 'code'
  /** No 必須 beside it: the only field of its page. */
  readonly isAlone?: boolean
  readonly after?: Html
}

/**
 * A line of text to type. The field's name is the label alone: that it must be filled in is said beside the label, with
 * the hint, and by `required`.
 */
export const textField = ({ name, label, hint, value, problem, attributes, kind, isAlone, after }: TextField): Html => {
  const described = [
    ...(isAlone ? [] : [`${name}-must`]),
    `${name}-hint`,
    ...(problem === undefined ? [] : [`${name}-fault`]),
  ]
  return html`<div class="field${kind && ` ${kind}`}${problem !== undefined && ' wrong'}">
<label for="${name}">${label}</label>${!isAlone && html`<span class="must" id="${name}-must">必須</span>`}
<p class="hint" id="${name}-hint">${hint}</p>
<input type="text" id="${name}" name="${name}" value="${value}" required aria-describedby="${described.join(' ')}"${problem !== undefined && html` aria-invalid="true"`} ${attributes}>
${problem !== undefined && html`<p class="fault" id="${name}-fault">${problem}</p>`}${after}</div>
`
}

export type Choice = { readonly value: string; readonly label: string | Html }

/** One of several, or none: nothing here is required. */
export const radioField = (
  name: string,
  legend: string,
  choices: readonly Choice[],
  chosen: string | undefined,
): Html =>
  html`<fieldset class="field"><legend>${legend}</legend>
${choices.map(
  ({ value, label }) =>
    html`<label class="radio"><input type="radio" name="${name}" value="${value}"${value === chosen && html` checked`}>${label}</label>
`,
)}</fieldset>
`

export const selectField = (
  name: string,
  label: string,
  choices: readonly Choice[],
  chosen: string | undefined,
): Html => html`<div class="field"><label for="${name}">${label}</label>
<select id="${name}" name="${name}">
${choices.map(({ value, label }) => html`<option value="${value}"${value === chosen && html` selected`}>${label}</option>`)}
</select></div>
`
