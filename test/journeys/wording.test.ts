import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { domestic } from '#values/phone'
import { type TestDatabase, testDatabase } from '../database.ts'
import { insertCustomer } from '../identity.world.ts'
import { PlainBrowser } from '../plain-browser.ts'
import { openSite, type Site } from '../site.ts'

/** Every text that was agreed, to the letter, on its page: first those of the seed, then those that were added. */
const agreed: Readonly<Record<string, readonly string[]>> = {
  '/v': [
    '株式会社ジャックス',
    'Web版お支払いのご案内',
    '毎度ご利用いただきましてありがとうございます。',
    'さて、昨日現在でお客様のご利用代金についてご入金の確認が取れておりません。',
    'つきましては、「認証画面へ」ボタンを押して本人認証のうえ、お支払いに関する手続きをお願いいたします。',
    'なお、行き違いでご入金いただきました場合には、ご容赦ください。',
    'また、本人認証ができない場合にはジャックス・コンタクトセンターへご連絡ください。',
    '※住宅ローンや和解契約等、サービス対象外のため表示されないご契約がございます。',
    '※本サービスのご利用に際して、ご利用環境により別途通信料またはパケット通信料等が発生する場合がございます。あらかじめご了承ください。',
    '認証画面へ',
    'お問い合わせ先・注意事項等',
    '※この画面は、どなたが開いても同じ内容が表示されます。特定の方のご契約状況を示すものではありません。',
    'このSMSにお心当たりのない方は、お手続きをされずに、コンタクトセンターへお知らせください。',
    'このSMSは本物ですか？',
  ],
  '/v/genuine': [
    '株式会社ジャックスからお支払いのご案内です。URLからご確認ください。 http://localhost:8080/v',
    '0570055877',
  ],
  '/v/contact': ['0570-055877', '03-0000-0000', '日本クレジット協会', '貸金業相談・紛争解決センター', '受付時間'],
  '/v/identity': [
    '認証画面',
    '以下の項目をご入力ください。',
    'カナ氏名',
    '必須',
    '姓',
    '例) ジャックス',
    '名',
    '例) タロウ',
    '生年月日',
    '西暦 数字8桁',
    '例)19980101',
    '携帯電話番号',
    'ハイフンなし 数字11桁',
    '例) 09011112222',
    '認証',
    '当社にお届けの内容をご入力ください。ご結婚などで姓が変わった方は、以前の姓でお届けの場合があります。',
    'ひらがな・半角カタカナで入力いただいても、自動で全角カタカナに変換します。',
    'ご案内のSMSが届いた携帯電話番号をご入力ください。ハイフンや空白が入っていてもお手続きいただけます。',
  ],
  '/v/code': [
    '認証番号入力',
    '本人確認のため、ご入力いただいた携帯電話番号にSMSを送信いたしました。',
    'SMSに記載されている4桁の認証番号を入力してください。',
    'SMSが届かない場合は、再送信ボタンを押してください。',
    'OK',
    '再送信',
    'ご入力内容：ジャックス タロウ 様／1998年（平成10年）1月1日／090-',
    '修正する',
    'ご入力内容がお届けの内容と一致した場合に、SMSが届きます。認証番号は 10時5分まで有効です。SMSが届くまで数分かかることがあります。',
    'ご入力いただくのは、SMSで届いた4桁の認証番号だけです。電話でお聞きすることもありません。',
    '電波の状態',
    '他の方からのSMSを受信できるか',
    'SMSの受信拒否設定',
    'ご入力内容',
  ],
  '/v/menu': [
    'メニュー',
    '【お支払いのご予定について】',
    'すでにお支払い済みもしくは明日・明後日までにお支払いいただける場合は、ご予定に合うボタンを押してください。',
    'すでにお支払い済み',
    '明日までにお支払い',
    '11月25日（水）まで',
    '明後日までにお支払い',
    '11月26日（木）まで',
    '明後日までのお支払いが難しい（ご相談）',
    '【お支払い金額の確認・お支払い方法 など】',
    'お支払い金額やお支払い方法のご確認など、各ボタンを押してください。',
    'お支払い金額を確認',
    'お振込み口座を表示',
    'お問い合わせ先・注意事項等を表示',
    '※お支払いのご相談については、「お問い合わせ先・注意事項等」を押して、ご連絡ください。',
  ],
  '/v/promise?day=2026-11-25': [
    'ご請求1件、合計10,020円（11月25日（水）にお支払いの場合）。',
    '11月25日（水）までにお支払いのご予定として承ります。よろしいですか。',
    'この内容で連絡する',
    '戻る',
    'お支払いのご予定をお知らせいただくもので、新しいご契約ではありません。',
    '金融機関の営業時間外や土日祝日のお振込みは、翌営業日のお取扱いとなる場合がございます。',
  ],
  '/v/amount': [
    'この画面は、お客様のご照会に応じて、お支払い状況をお知らせするものです。',
    'ご契約',
    'お支払い期日',
    'ご請求額',
    '遅延損害金',
    '合計',
    '11月24日（火）10時現在',
    '10,016円',
  ],
  '/v/account': [
    '金融機関名',
    '支店名',
    '種別',
    '口座番号',
    '口座名義',
    '口座名義（カナ）',
    '金額',
    '振込依頼人名',
    '手数料',
    '反映の目安',
    '見本銀行（0000）',
    '1234567',
    'カ）ジャックス',
  ],
  '/v/consultation': ['一部だけ支払いたい', '支払日を変えたい', '分割にしたい', '請求に心当たりがない', 'その他'],
  '/v/nowhere': ['ページが見つかりません', 'お急ぎの場合はコンタクトセンターへご連絡ください。'],
  '/v/broken': ['ただいまご利用いただけません', 'お急ぎの場合はコンタクトセンターへご連絡ください。'],
}

const everywhere = [
  '株式会社ジャックス',
  'カード番号、カードの暗証番号、インターネットのパスワードをお聞きすることはありません。',
  'Copyright © JACCS Co., Ltd. All Rights Reserved.',
]

/** No customer's screen says them; 遅延損害金 is the contract's own term. */
const neverSaid = /督促|滞納|延滞|至急|法的/

let database: TestDatabase
let site: Site
const texts = new Map<string, string>()

beforeAll(async () => {
  database = await testDatabase()
  site = await openSite(database.db)
  const { form } = await insertCustomer(site.world)
  const browser = new PlainBrowser(site)
  const read = async (path: string) => texts.set(path, textOf((await browser.open(path)).html))
  await read('/v/identity')
  const typed = { family: form.family, given: form.given, birthDate: '19980101', phone: domestic(form.phone) }
  await browser.send('/v/identity', typed)
  await read('/v/code')
  await browser.send('/v/code', { code: site.lastCode() })
  for (const path of Object.keys(agreed)) if (!texts.has(path)) await read(path)
})
afterAll(async () => {
  await site.close()
  await database.drop()
})

describe.each(Object.entries(agreed))('%s', (path, words) => {
  test.each([...words, ...everywhere])('says %s', (text) => {
    expect(texts.get(path)).toContain(text)
  })

  test('says nothing harsh', () => {
    expect(texts.get(path)).not.toMatch(neverSaid)
  })
})

/** What a reader reads: without markup, and without the line breaks that only the source has. */
function textOf(html: string): string {
  return html
    .replace(/<(style|title)>[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, '')
    .replace(/&amp;/g, '&')
    .replace(/[ \n]*\n[ \n]*/g, '\n')
}
