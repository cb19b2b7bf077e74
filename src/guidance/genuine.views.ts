import { html } from '#platform/html/html'
import { linkButton } from './button.views.ts'
import { facts } from './facts.views.ts'
import { type Look, layout } from './layout.views.ts'
import { urls } from './urls.ts'

export type GenuineView = {
  /** Made from the same templates as the messages themselves. */
  readonly noticeText: string
  readonly codeText: string
  readonly host: string
}

/** このSMSは本物ですか？ — what a genuine message looks like, and how to see it. */
export const genuinePage = (look: Look, { noticeText, codeText, host }: GenuineView): string => {
  const { sender, contact, brand, siteAddress } = look.creditor
  return layout(look, {
    title: 'このSMSは本物ですか？',
    exit: { kind: 'contact' },
    body: html`<h1>このSMSは本物ですか？</h1>
<p>${brand.companyName}からお送りするSMSは、次の2種類です。届いたSMSとお比べください。</p>
<h2>ご案内のSMS</h2>
<p class="sms">${noticeText}</p>
<h2>認証番号のSMS</h2>
<p>本人認証のお手続きをされたときにだけ届きます。数字は毎回変わります。</p>
<p class="sms">${codeText}</p>
<h2>送信元とURL</h2>
${facts([
  { name: '送信元', value: sender.sms },
  { name: 'URL', value: siteAddress },
])}<p>携帯電話会社や機種により、送信元が別の番号で表示される場合がございます。</p>
<h2>確かめ方</h2>
<ul>
<li>画面上部のアドレス欄に<b>${host}</b>と表示されていることをご確認ください。別の文字が前後に続く場合は、当社の画面ではありません。</li>
<li>SMSのリンクを開かずに、アドレス欄へ<b>${siteAddress}</b>と直接入力いただいても、同じ画面が開きます。</li>
<li>ご心配な場合は、お手続きをされずに、<a href="${urls.contact}">${contact.name}</a>へお電話でお確かめください。番号は、カードやご契約書類に記載のものとお比べください。</li>
</ul>
<h2>当社からお聞きしないこと</h2>
<ul>
<li>カード番号、カードの暗証番号、インターネットのパスワード</li>
<li>認証番号（お電話でお聞きすることはありません。他の方にもお伝えにならないでください）</li>
<li>ATMの操作や、電子マネーの購入をお願いすることもありません。</li>
</ul>
<div class="stack">
${linkButton(urls.notice, 'ご案内の画面へ')}</div>`,
  })
}
