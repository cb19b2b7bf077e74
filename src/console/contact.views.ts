import { type Html, html } from '#platform/html/html'
import { noWish, wishAgainstCall } from './contact-wish.rules.ts'
import { becauseWords, instantWords, nextContactWords, ruleNames, seenWords } from './contact-words.rules.ts'
import type { CustomerFile } from './customer-file.ts'
import type { ConsoleWorld } from './desk.ts'

/** The first line of a case: when may we write, may we ring now, and why not. */
export const contactSum = ({ creditor }: Pick<ConsoleWorld, 'creditor'>, file: CustomerFile, now: Date): Html => {
  const { contact, pendingPromise } = file
  if (contact === undefined)
    return html`<div class="sum">次にご連絡できる日時 <b>なし</b>　<span>${file.latestCase === undefined ? 'ご案内の対象になったことがありません' : 'ご案内は終わっています'}</span></div>`
  const { postingBankDays } = creditor.policies.promise
  const { when, why, basis } = nextContactWords(contact, { promisedDay: pendingPromise?.day, postingBankDays })
  return html`<div class="sum contact"><p>次にご連絡できる日時 <b>${when}</b>　<span>${why}${basis && ` — ${basis}`}</span></p>
<p>お電話 ${telephone(file, now)}</p>
<details><summary>判断の理由</summary>
<table><caption class="unseen">SMSの可否を判断した順</caption><thead><tr><th scope="col">ルール</th><th scope="col">判定</th><th scope="col">事実</th><th scope="col">根拠</th></tr></thead>
<tbody>${contact.now.chain.map(
    (reason) =>
      html`<tr><td>${ruleNames[reason.rule]}</td><td>${verdicts[reason.verdict]}</td><td>${seenWords(reason)}</td><td>${reason.basis}</td></tr>`,
  )}</tbody></table></details></div>`
}

const verdicts = { pass: '妨げなし', exclude: '送らない', defer: '待つ' } as const

const telephone = ({ contact, wish = noWish }: CustomerFile, now: Date): Html => {
  if (contact === undefined) return html`<b>—</b>`
  const { telephone } = contact
  if (telephone.kind === 'may-not') {
    const until = telephone.until && `（${instantWords(telephone.until)}から）`
    // What was said of the SMS already is not said twice.
    if (contact.now.kind !== 'send' && telephone.because === contact.now.because)
      return html`<b class="stop">いまは控えます</b>　<span>同じ理由です${until}</span>`
    return html`<b class="stop">いまは控えます</b>　<span>${becauseWords(telephone.because)}${until}${telephone.reason && ` — ${telephone.reason.basis}`}</span>`
  }
  const against = wishAgainstCall(wish, now)
  if (against !== undefined) return html`<b class="stop">いまは控えます</b>　<span>${against}</span>`
  return html`<b class="go">いまお電話できます</b>${telephone.reason === 'asked-to-be-called' && html`　<span>ご相談への折り返し</span>`}`
}
