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
