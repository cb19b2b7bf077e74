import type { Policies } from '#creditor'
import type { PolicyRow } from '#identity'
import type { GatewayView } from '#messages'
import { type Html, html } from '#platform/html/html'
import { japaneseDay } from '#values/day'
import type { Frame } from './frame.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import { asOf, emptyList, formatCount, instantCell, type Tab, tabs } from './list.views.ts'
import type { KnownOperator } from './operators.store.ts'
import { may, type Permission, permissions, roleNames, roles } from './roles.rules.ts'
import type { ClosedDay } from './settings-holidays.rules.ts'
import type { PolicyGroup } from './settings-policy.rules.ts'
import type { CheckedText } from './settings-texts.rules.ts'
import { urls } from './urls.ts'

type SettingsTab = 'texts' | 'policy' | 'holidays' | 'gateways' | 'people'

const tabAddresses: Readonly<Record<SettingsTab, readonly [string, string]>> = {
  texts: ['文面', urls.settings],
  policy: ['方針', urls.policySettings],
  holidays: ['休日', urls.holidaySettings],
  gateways: ['送信経路', urls.gatewaySettings],
  people: ['担当者と役割', urls.peopleSettings],
}

const settingsPage = (look: ConsoleLook, frame: Frame, here: SettingsTab, answer: Html, body: Html): string =>
  consolePage(look, frame, {
    title: `設定：${tabAddresses[here][0]}`,
    here: 'settings',
    body: html`<div class="head"><h1>設定</h1></div>
${tabs(
  '設定',
  Object.entries(tabAddresses).map(([key, [label, href]]): Tab => ({ label, href, isHere: key === here })),
)}
<div class="sum">${answer}${asOf(frame.now)}</div>
${body}`,
  })

const textNames: Readonly<Record<CheckedText['key'], string>> = {
  notice: 'お支払いのご案内',
  code: '認証番号',
  receipt: 'ご連絡の受付',
}

export const textsPage = (
  look: ConsoleLook,
  frame: Frame,
  { texts, sendsReceipts }: { readonly texts: readonly CheckedText[]; readonly sendsReceipts: boolean },
): string => {
  const wrong = texts.filter(({ problems }) => problems.length > 0).length
  return settingsPage(
    look,
    frame,
    'texts',
    wrong === 0
      ? html`<b>${texts.length}</b>つの文面すべてが、検査に合格しています。`
      : html`<b>${wrong}</b>つの文面が、検査に合格していません。`,
    html`<p class="soft">文面は設定ファイルのものです。ここでは変えられません。長さは、差し込む値がもっとも長いときのものです。</p>
<div class="texts">${texts.map(
      ({
        key,
        rendered,
        units,
        parts,
        problems,
      }) => html`<section class="card"><h2>${textNames[key]}${key === 'receipt' && !sendsReceipts && html`<span class="chip">送らない設定</span>`}</h2>
<p class="sms">${rendered}</p>
<p class="soft">${units}文字・${parts}通</p>
<ul class="checks">${checksOf(key, problems).map(([words, isFine]) => html`<li class="${isFine ? 'fine' : 'fault'}">${isFine ? '✓' : '×'} ${words}</li>`)}</ul>
</section>`,
    )}</div>`,
  )
}

/** What the checker asks of this text, and whether it was content. */
const checksOf = (key: CheckedText['key'], problems: readonly string[]): readonly (readonly [string, boolean])[] => {
  const isFine = (...kinds: readonly string[]) => !problems.some((problem) => kinds.includes(problem))
  return [
    ['会社名があります', isFine('company-missing')],
    ['自社のアドレスだけです', isFine('foreign-address')],
    ...(key === 'notice'
      ? ([
          ['金額がありません', isFine('amount-of-money')],
          ['督促の言葉がありません', isFine('word-of-dunning')],
        ] as const)
      : []),
    ...(key === 'code' ? ([['認証番号が入ります', isFine('code-missing')]] as const) : []),
    ['決められた通数に収まります', isFine('too-many-parts', 'too-long')],
    [
      '差し込む項目が正しく書かれています',
      isFine(
        'unknown-placeholder',
        'value-missing',
        'value-with-line-break',
        'stray-brace',
        'carriage-return',
        'half-character',
        'empty',
      ),
    ],
  ]
}

export const policyPage = (
  look: ConsoleLook,
  frame: Frame,
  { groups, guesses }: { readonly groups: readonly PolicyGroup[]; readonly guesses: readonly PolicyRow[] },
): string => {
  const running = guesses.find(({ isRunning }) => isRunning)
  return settingsPage(
    look,
    frame,
    'policy',
    html`氏名・生年月日・携帯電話番号をすべて知っている他人が、1日に認証を通る確率は <b>${oneIn(running?.perDay ?? 1)}</b> です。`,
    html`<section class="card"><h2>認証番号を言い当てられる確率</h2>
<table><caption>いまの設定から計算しています。太字が、いま使っている桁数です</caption><thead><tr><th scope="col">桁数</th><th scope="col" class="n">1つの認証番号</th><th scope="col" class="n">1日</th><th scope="col" class="n">30日</th><th scope="col" class="n">1日（生年月日を知らない）</th></tr></thead>
<tbody>${guesses.map(({ digits, isRunning, ...row }) => {
      const label = `${digits}桁`
      return html`<tr><th scope="row">${isRunning ? html`<strong>${label}（使用中）</strong>` : label}</th>${[row.perCode, row.perDay, row.per30Days, row.perDayUnknownBirthDate].map((share) => html`<td class="n">${isRunning ? html`<strong>${oneIn(share)}</strong>` : oneIn(share)}</td>`)}</tr>`
    })}</tbody></table></section>
<div class="columns">${groups.map(
      ({ title, facts }) =>
        html`<section class="card"><h2>${title}</h2><table><caption class="unseen">${title}の方針</caption><thead class="unseen"><tr><th scope="col">方針</th><th scope="col">いまの値</th></tr></thead><tbody>${facts.map(
          ({ what, value, key }) =>
            html`<tr><th scope="row">${what}<br><small><code>${key}</code></small></th><td>${value}</td></tr>`,
        )}</tbody></table></section>`,
    )}</div>
<p class="soft below">方針は設定ファイルのものです。ここでは変えられません。</p>`,
  )
}

/** '1,111分の1': a share that people can hold against something. */
export const oneIn = (share: number): string => (share <= 0 ? '0' : `${formatCount(Math.round(1 / share))}分の1`)

export const holidaysPage = (
  look: ConsoleLook,
  frame: Frame,
  {
    years,
    isTodayBankDay,
    contact,
  }: {
    readonly years: readonly { readonly year: number; readonly days: readonly ClosedDay[] }[]
    readonly isTodayBankDay: boolean
    readonly contact: Policies['contact']
  },
): string =>
  settingsPage(
    look,
    frame,
    'holidays',
    html`本日は銀行の<b>${isTodayBankDay ? '営業日' : '休業日'}</b>です。`,
    html`<p class="soft">土曜日・日曜日のほかに、銀行が休む日です。ご案内は、祝日に${contact.onHolidays ? '送ります' : '送りません'}。年末年始に${contact.overNewYear ? '送ります' : '送りません'}。</p>
<div class="columns">${years.map(
      ({ year, days }) =>
        html`<section class="card"><h2>${year}年（${days.length}日）</h2><table><caption class="unseen">${year}年の休日</caption><thead><tr><th scope="col">日</th><th scope="col">種類</th></tr></thead><tbody>${days.map(
          ({ day, because }) =>
            html`<tr><td><time datetime="${day}">${japaneseDay(day)}</time></td><td>${because === 'holiday' ? '国民の祝日・休日' : '年末年始'}</td></tr>`,
        )}</tbody></table></section>`,
    )}</div>`,
  )

export const gatewaysPage = (look: ConsoleLook, frame: Frame, gateways: readonly GatewayView[]): string => {
  const bound = gateways.filter(({ bound }) => bound > 0).length
  return settingsPage(
    look,
    frame,
    'gateways',
    gateways.length === 0
      ? html`まだ、どの送信経路にもつながったことがありません。`
      : html`<b>${gateways.length}</b>の送信経路のうち、<b>${bound}</b>につながっています。`,
    gateways.length === 0
      ? emptyList('送信の担当（annai work）が動きはじめると、ここに経路が表示されます。')
      : html`<section class="card"><h2>送信経路</h2><table><caption class="unseen">送信経路と、その状態</caption><thead><tr><th scope="col">経路</th><th scope="col">状態</th><th scope="col" class="n">接続</th><th scope="col" class="n">送信の割合</th><th scope="col">いつから</th><th scope="col">理由</th></tr></thead>
<tbody>${gateways.map(({ gateway, binds, bound, state }) => {
          const [words, tone] = gatewayWords(state?.kind ?? 'well', bound)
          return html`<tr><th scope="row">${gateway}</th><td><span class="chip flush ${tone}">${words}</span></td><td class="n">${bound} / ${binds}</td><td class="n">${Math.round((state?.weight ?? 1) * 100)}%</td><td>${state && instantCell(new Date(state.sinceMs), frame.now)}</td><td>${state === undefined ? '' : because(state.because)}</td></tr>`
        })}</tbody></table></section>
<p class="soft below">経路と認証情報は、設定ファイルと環境変数のものです。ここには表示されません。</p>`,
  )
}

const gatewayWords = (kind: NonNullable<GatewayView['state']>['kind'], bound: number): readonly [string, string] => {
  if (bound === 0) return ['切断中', 'stop']
  switch (kind) {
    case 'well':
      return ['正常', 'go']
    case 'coming-back':
      return ['回復中', 'warn']
    case 'demoted':
      return ['停止中（不調）', 'stop']
    case 'away':
      return ['再接続', 'warn']
  }
}

/** The watch tells an engineer in English; its numbers are what people need. */
const because = (words: string): string =>
  words
    .replace(/^no bind is bound$/, 'つながっている接続がありません')
    .replace(/^nothing is known against it$/, '問題は見つかっていません')
    .replace(/^the trouble has ended/, '不調が収まりました')
    .replace(/^a good minute/, '1分間、問題なく送れました')
    .replace(/^bound again after (\d+) s/, '$1秒後に再接続しました')
    .replace(/^(\d+) errors in 60 s, more than (\d+)$/, '60秒間に$1件の失敗（$2件まで）')
    .replace(
      /^(\d+) of (\d+) receipts \((.+?)\) slower than 5 minutes, (\d+) % or more$/,
      '$2通のうち$1通（$3）の到達確認が5分より遅い（$4%まで）',
    )
    .replace(/, (\d+ %) of the traffic$/, '（送信の$1）')

export const peoplePage = (look: ConsoleLook, frame: Frame, operators: readonly KnownOperator[]): string =>
  settingsPage(
    look,
    frame,
    'people',
    html`サインインしたことのある担当者は <b>${operators.length}</b>人です。あなたの役割：<b>${frame.operator.roles.map((role) => roleNames[role]).join('・')}</b>`,
    html`<section class="card"><h2>役割と、できること</h2>
<table><caption>役割は、社内の認証基盤で割り当てます。ここでは変えられません</caption><thead><tr><th scope="col">できること</th>${roles.map((role) => html`<th scope="col" class="mark">${roleNames[role]}</th>`)}</tr></thead>
<tbody>${permissions.map(
      (permission) =>
        html`<tr><th scope="row">${permissionNames[permission]}</th>${roles.map((role) => html`<td class="mark">${may([role], permission) ? '○' : html`<span class="soft" aria-label="できません">–</span>`}</td>`)}</tr>`,
    )}</tbody></table></section>
<section class="card"><h2>担当者</h2>
<table><caption class="unseen">サインインしたことのある担当者</caption><thead><tr><th scope="col">名前</th><th scope="col">役割</th><th scope="col">最後のサインイン</th></tr></thead>
<tbody>${operators.map(
      ({ name, roles: held, signedInAt }) =>
        html`<tr><th scope="row">${name}</th><td>${held.map((role) => roleNames[role]).join('・')}</td><td>${instantCell(signedInAt, frame.now)}</td></tr>`,
    )}</tbody></table></section>`,
  )

const permissionNames: Readonly<Record<Permission, string>> = {
  see: '配信の状況を見る',
  'see-case': 'お客様の画面と一覧を見る',
  'act-on-case': 'お客様の画面で記録・操作する',
  reveal: '個人情報を、理由を記録して表示する',
  import: 'ファイルを取り込む',
  'plan-campaign': '配信を計画する',
  'approve-campaign': '配信を承認する',
  'control-campaign': '配信を一時停止・再開する',
  'match-deposits': '入金を手で消し込む',
  'see-reports': 'レポートを見る',
  export: '一覧を書き出す',
  'export-cases': 'お客様の一覧を書き出す',
  'see-audit': '監査ログを見る・確認する',
  'see-settings': '設定を見る',
  administer: 'システムを管理する',
}
