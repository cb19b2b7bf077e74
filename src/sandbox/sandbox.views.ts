import { html, raw } from '#platform/html/html'
import type { Script } from '#platform/http/http'
import type { NamedPerson } from './sample.ts'

type SandboxParts = {
  readonly people: readonly NamedPerson[]
  readonly siteAddress: string
  readonly styles: readonly string[]
  readonly scripts: readonly Script[]
  readonly moods: readonly string[]
}

const moodNames: Readonly<Record<string, string>> = {
  normal: '通常',
  slow: '遅い',
  throttled: '流量制限',
  silent: '応答なし',
  down: '停止',
}

/** The page that a person trying Annai keeps open beside the site: a phone, whom to play, and the time. */
export const sandboxPage = ({ people, siteAddress, styles, scripts, moods }: SandboxParts): string =>
  String(html`<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>サンドボックス｜案内</title>
<link rel="icon" href="data:,">
${styles.map((style) => html`<style>${raw(style)}</style>`)}
${scripts.map(({ path, integrity }) => html`<script src="${path}" integrity="${integrity}" defer></script>`)}
</head>
<body>
<header class="bar"><b>案内 Annai サンドボックス</b><a href="${siteAddress}" target="_blank" rel="noopener">サイトを開く</a></header>
<main data-site="${siteAddress}">
<h1>ためしてみる</h1>
<p class="lead">電話に届いたSMSのリンクを開き、下の方になりきってお手続きください。人物・番号はすべて架空です。SMSはこの画面の中だけに届きます。</p>
<div class="room">
<section class="people" aria-labelledby="people-title">
<h2 id="people-title">登場人物</h2>
<ul>
${people.map(
  (
    person,
    index,
  ) => html`<li><button type="button" class="person" data-phone="${person.phone}" data-customer="${person.customerNumber}" aria-pressed="${index === 0 ? 'true' : 'false'}">
<b>${person.family} ${person.given}</b>
<span>生年月日 ${person.birthDate}</span>
<span>携帯電話 ${person.phone}</span>
<span class="story">${person.story}</span>
</button></li>`,
)}
</ul>
<button type="button" class="person" data-phone="" aria-pressed="false"><b>すべての電話</b><span>届いたSMSを全部見る</span></button>
</section>
<section class="phone" aria-labelledby="phone-title">
<div class="screen">
<p class="status"><span data-clock>--:--</span><span id="phone-title" data-whose>メッセージ</span></p>
<ol data-messages aria-live="polite"></ol>
<p class="empty" data-empty>SMSはまだ届いていません。</p>
</div>
</section>
<section class="tools" aria-labelledby="clock-title">
<h2 id="clock-title">時計</h2>
<p class="now" data-now>—</p>
<div class="buttons">
<button type="button" data-advance="PT5M">+5分</button>
<button type="button" data-advance="PT1H">+1時間</button>
<button type="button" data-advance="P1D">+1日</button>
<button type="button" data-next-morning>翌営業日 10:00</button>
</div>
<p class="soft" data-moved role="status"></p>
<h2>通信会社のようす</h2>
<div class="buttons" role="group" aria-label="通信会社のようす">
${moods.map((mood) => html`<button type="button" data-mood="${mood}" aria-pressed="false">${moodNames[mood] ?? mood}</button>`)}
</div>
<h2>入金</h2>
<p class="soft">選んだ方になりかわって支払います。銀行や収納代行のファイルは、その場で取り込まれます。</p>
<ul class="slips" data-slips></ul>
<div class="buttons">
<button type="button" data-transfer>本日の金額を振り込む</button>
<button type="button" data-transfer="1000">1,000円だけ振り込む</button>
</div>
<p class="soft" data-paid role="status"></p>
<h2>コマンド</h2>
<pre>npx annai outreach plan --json
npx annai export answers --format jsonl
npx annai export deposits --format jsonl
npx annai deposits unmatched
npx annai audit verify
npx annai policy</pre>
</section>
</div>
<noscript><p>この画面はJavaScriptで動きます。届いたSMSは <a href="/api/messages">/api/messages</a> でもご覧いただけます。</p></noscript>
</main>
</body>
</html>`)
