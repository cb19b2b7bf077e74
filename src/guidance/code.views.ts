import type { ChallengeView } from '#identity'
import { type Html, html } from '#platform/html/html'
import { japaneseDayWithEra } from '#values/day'
import { grouped } from '#values/phone'
import { submitButton } from './button.views.ts'
import { errorSummary, type FieldProblem, form, textField } from './form.views.ts'
import { type Look, layout } from './layout.views.ts'
import { correction, urls } from './urls.ts'
import { timeWords } from './words.views.ts'

export type CodeView = {
  readonly challenge: ChallengeView
  readonly formId: string
  readonly resendFormId: string
  readonly now: Date
  /** What was typed into a form that was not taken: it is still there to be sent. */
  readonly stale?: { readonly typed: string }
}

export const codePage = (look: Look, view: CodeView): string => {
  const { challenge, formId, resendFormId, now, stale } = view
  const problem = stale ? undefined : problemOf(challenge)
  const problems: readonly FieldProblem[] = problem ? [{ field: problem.field, text: problem.text }] : []
  const { digits } = challenge
  const isLive = challenge.state === 'live'
  return layout(look, {
    title: '認証番号入力',
    hasErrors: problem !== undefined,
    exit: { kind: 'contact' },
    scripts: ['code'],
    body: html`${errorSummary(problems)}<h1>認証番号入力</h1>
${stale && staleNote}${challenge.lastOutcome === 'resent' && !problem && !stale && resentNote}<p>本人確認のため、ご入力いただいた携帯電話番号にSMSを送信いたしました。</p>
<p>SMSに記載されている${digits}桁の認証番号を入力してください。</p>
${form(
  urls.code,
  formId,
  html`${textField({
    name: 'code',
    label: '認証番号',
    hint: html`SMSで届いた${digits}桁の番号`,
    value: stale?.typed ?? '',
    problem: problem?.field === 'code' ? problem.text : undefined,
    attributes: html`inputmode="numeric" autocomplete="one-time-code" data-digits="${digits}"`,
    kind: 'code',
    isAlone: true,
  })}<div class="stack">${submitButton('OK', isLive ? 'main' : 'quiet')}</div>`,
)}
<p>SMSが届かない場合は、再送信ボタンを押してください。</p>
${form(urls.resend, resendFormId, html`<div class="stack" id="resend" tabindex="-1">${submitButton('再送信', !isLive && challenge.resend.kind !== 'no-more-today' ? 'main' : 'quiet')}</div>`)}
${waitWords(challenge)}
<div class="note"><p>ご入力内容：${typedWords(challenge)}　<a class="whole" href="${correction}">修正する</a></p>
<p>ご入力内容がお届けの内容と一致した場合に、SMSが届きます。${challenge.state === 'live' && html`認証番号は ${timeWords(challenge.expiresAt, now)}まで有効です。`}SMSが届くまで数分かかることがあります。</p></div>
<p class="soft">ご入力いただくのは、SMSで届いた${digits}桁の認証番号だけです。電話でお聞きすることもありません。</p>
<h2>SMSが届かないとき</h2>
<p>次の点をご確認ください。</p>
<ul>
<li>電波の状態</li>
<li>他の方からのSMSを受信できるか</li>
<li>SMSの受信拒否設定</li>
<li>ご入力内容（<a href="${correction}">修正する</a>）</li>
</ul>
<p>それでも届かない場合は、<a href="${urls.contact}">${look.creditor.contact.name}</a>へご連絡ください。</p>`,
  })
}

type Problem = { readonly field: 'code' | 'resend'; readonly text: string }

/** What is wrong with this challenge, or with what was last done to it. A challenge that ended says so first. */
const problemOf = (challenge: ChallengeView): Problem | undefined => {
  if (challenge.lastOutcome === 'no-more-today' || (challenge.state !== 'live' && isSpent(challenge)))
    return noMoreToday
  switch (challenge.state) {
    case 'used-up':
      return {
        field: 'code',
        text: '認証番号の入力回数が上限に達しました。「再送信」を押して、新しい認証番号を受け取ってください。',
      }
    case 'expired':
    case 'accepted':
      return {
        field: 'code',
        text: '認証番号の有効期限が切れました。「再送信」を押して、新しい認証番号を受け取ってください。',
      }
    case 'live':
      return problemOfLastAct(challenge)
  }
}

const problemOfLastAct = ({ lastOutcome, digits, triesLeft, resend }: ChallengeView): Problem | undefined => {
  switch (lastOutcome) {
    case 'malformed':
      return { field: 'code', text: `認証番号は${digits}桁の数字で入力してください` }
    case 'wrong':
      return {
        field: 'code',
        text: `認証番号が正しくありません。SMSに記載の番号をもう一度ご確認ください（あと${triesLeft}回入力いただけます）`,
      }
    case 'wait':
      return resend.kind === 'wait'
        ? { field: 'resend', text: `続けて再送信する場合は、${resend.seconds}秒後にお試しください。` }
        : undefined
    case 'paused':
      return {
        field: 'resend',
        text: 'ただいま再送信を一時的に停止しております。恐れ入りますが、時間をおいてお試しください。',
      }
    case 'locked':
      return {
        field: 'resend',
        text: '安全のため、ただいまこちらの画面からの本人認証を停止しております。コンタクトセンターへご連絡ください。',
      }
    case 'used-up':
    case 'no-more-today':
    case 'resent':
    case 'sent':
      return undefined
  }
}

const noMoreToday: Problem = {
  field: 'resend',
  text: '本日はこれ以上再送信できません。コンタクトセンターへご連絡ください。',
}

const isSpent = ({ resend }: ChallengeView): boolean => resend.kind === 'no-more-today'

/** Unmasked: the person has just typed it, and a slip means that no SMS comes. */
const typedWords = ({ typed }: ChallengeView): Html =>
  html`<span class="part">${[typed.family, typed.given].filter((name) => name !== '').join(' ')} 様</span>／<span class="part">${japaneseDayWithEra(typed.birthDate)}</span>／<span class="part">${grouped(typed.phone)}</span>`

/** The button stays pressable; the script only counts the seconds down. */
const waitWords = ({ resend, lastOutcome }: ChallengeView): Html | undefined =>
  resend.kind === 'wait' && lastOutcome !== 'wait'
    ? html`<p class="soft" id="wait" data-seconds="${resend.seconds}">続けて再送信する場合は、${resend.seconds}秒後にお試しください。</p>`
    : undefined

const resentNote = html`<div class="note good" role="status"><p>認証番号を再送信しました。</p></div>
`

const staleNote = html`<div class="note" role="alert"><p>この画面からはすでに送信されているか、時間がたっています。認証番号をご確認のうえ、もう一度「OK」を押してください。</p></div>
`
