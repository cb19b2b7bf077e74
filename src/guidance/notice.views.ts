import { type Html, html } from '#platform/html/html'
import { linkButton } from './button.views.ts'
import { type Look, layout } from './layout.views.ts'
import { urls } from './urls.ts'

/** The page behind the SMS: the same for everybody who opens it. */
export const noticePage = (look: Look): string => {
  const { brand, contact } = look.creditor
  return layout(look, {
    title: brand.serviceName,
    exit: { kind: 'contact' },
    body: html`<h1>${brand.serviceName}</h1>
<p>毎度ご利用いただきましてありがとうございます。</p>
<p>さて、昨日現在でお客様のご利用代金についてご入金の確認が取れておりません。</p>
<p>つきましては、「認証画面へ」ボタンを押して本人認証のうえ、お支払いに関する手続きをお願いいたします。</p>
<p>なお、行き違いでご入金いただきました場合には、ご容赦ください。</p>
<div class="stack">
${linkButton(urls.identity, '認証画面へ', 'main')}</div>
<p>また、本人認証ができない場合には${contact.name}へご連絡ください。</p>
<p>このSMSにお心当たりのない方は、お手続きをされずに、コンタクトセンターへお知らせください。</p>
<ul class="links">
<li><a href="${urls.genuine}">このSMSは本物ですか？</a></li>
<li><a href="${urls.contact}">お問い合わせ先・注意事項等</a></li>
</ul>
${noticeNotes(look)}`,
  })
}

export const noticeNotes = ({ creditor }: Look): Html => html`<ul class="notes soft">
${excludedNote(Object.values(creditor.products).filter(({ excluded }) => excluded))}<li>※本サービスのご利用に際して、ご利用環境により別途通信料またはパケット通信料等が発生する場合がございます。あらかじめご了承ください。</li>
<li>※この画面は、どなたが開いても同じ内容が表示されます。特定の方のご契約状況を示すものではありません。</li>
</ul>`

const excludedNote = (products: readonly { readonly name: string }[]): Html | undefined =>
  products.length === 0
    ? undefined
    : html`<li>※${products.map(({ name }) => name).join('や')}等、サービス対象外のため表示されないご契約がございます。</li>
`
