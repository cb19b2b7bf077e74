import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { day } from '#values/day'
import { domestic } from '#values/phone'
import { paperProvider } from '../card-provider.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { insertCustomer, type Somebody } from '../identity.world.ts'
import { describeContracts, giveAccount, loanTerms, payEasyNumbers, receiveMoney } from '../payments.world.ts'
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
    'コンビニバーコードを表示',
    'ペイジー番号を表示',
    'カードでのお支払い',
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
  '/v/store': [
    'コンビニでのお支払い',
    'お支払い金額',
    '10,016円',
    'お支払い期限　11月26日（木）',
    'レジでお見せいただくバーコードを作成します。お支払い期限までは、この金額のままお支払いいただけます。',
    'バーコードを作成する',
    'お支払いいただける店舗',
    'サンプルマート300,000円まで',
    'みほんストア299,999円まで',
  ],
  '/v/pay-easy': [
    'ペイジーでのお支払い',
    'ペイジー対応のATM、インターネットバンキング、モバイルバンキングで、次の番号を入力してお支払いください。',
    '収納機関番号58021',
    'お客様番号0011 2233 4455 6677 8899',
    '確認番号123456',
    '10,016円',
    'お支払い金額は、11月24日（火）にお支払いの場合の金額です。',
    'ATMやインターネットバンキングで「ペイジー」または「税金・各種料金の払込み」をお選びください。',
  ],
  '/v/card': [
    'カードでのお支払い',
    '10,016円',
    '次の画面から、決済会社の画面に移ります。カード番号は、そちらの画面でご入力いただきます。当社の画面やお電話でお聞きすることはありません。',
    '決済会社の画面では、アドレス欄にpay.provider.exampleと表示されていることをご確認ください。',
    '決済会社の画面へ進む',
  ],
  '/v/consultation': ['一部だけ支払いたい', '支払日を変えたい', '分割にしたい', '請求に心当たりがない', 'その他'],
  '/v/nowhere': ['ページが見つかりません', 'お急ぎの場合はコンタクトセンターへご連絡ください。'],
  '/v/broken': ['ただいまご利用いただけません', 'お急ぎの場合はコンタクトセンターへご連絡ください。'],
}

type Visit = { readonly browser: PlainBrowser; readonly who: Somebody; readonly site: Site }

/** Texts of pages that look different when something has happened. */
const agreedWhen: Readonly<Record<string, { readonly words: readonly string[]; go(visit: Visit): Promise<unknown> }>> =
  {
    'the slip was made': {
      words: [
        'コンビニバーコード',
        '画面を明るくして、レジの係の方にお見せください。',
        '10,016円',
        '-0-010016-',
        'お支払い期限　11月26日（木）',
        '画面の明るさをいちばん明るくします。',
        'レジで「料金のお支払い」とお伝えになり、この画面をお見せください。',
        '金額をご確認のうえお支払いになり、控え（領収書）をお受け取りください。',
        'このバーコードでのお支払いは、一度だけお願いいたします。お支払い後も、ご入金の確認ができるまで（3営業日ほど）は、この画面が表示されます。',
        '次のアプリの「請求書払い」でも、同じバーコードでお支払いいただけます。この画面を印刷するか、別の機器に表示して、アプリのカメラで読み取ってください。',
        '請求書払いに対応したスマートフォンの決済アプリ',
      ],
      async go({ browser }) {
        await browser.open('/v/store')
        await browser.send('/v/store')
      },
    },
    'the slip has expired': {
      words: [
        '前回のバーコードは、お支払い期限を過ぎました。すでにお支払いいただいた場合、新しいバーコードは不要です。まだの場合は、新しいバーコードを作成してください。',
      ],
      async go({ browser, who, site }) {
        await browser.open('/v/store')
        await browser.send('/v/store')
        await site.world.db
          .updateTable('slips')
          .set({ expires_on: day('2026-11-23') })
          .where('customer_id', '=', who.customerId)
          .execute()
        await browser.open('/v/store')
      },
    },
    'the amount has changed since the slip was made': {
      words: ['お支払い金額が変わりました。前回のバーコードはお使いにならず、新しいバーコードを作成してください。'],
      async go({ browser, who, site }) {
        await browser.open('/v/store')
        await browser.send('/v/store')
        await receiveMoney(site.world, who, { amount: 3_000 })
        await browser.open('/v/store')
      },
    },
    'a stamp is due': {
      words: ['※店舗でお渡しする領収書に、収入印紙が貼られる金額です。印紙の代金はいただきません。'],
      async go({ browser, who, site }) {
        await setPrincipal(site, who, 60_000)
        await browser.open('/v/store')
        await browser.send('/v/store')
      },
    },
    'it is more than a store takes': {
      words: [
        'コンビニエンスストアでは、一度に300,000円までお取扱いいただけます。お支払い金額が400,640円のため、バーコードを作成できません。',
        '恐れ入りますが、お振込みなど、ほかのお支払い方法をご利用ください。',
      ],
      async go({ browser, who, site }) {
        await setPrincipal(site, who, 400_000)
        await browser.open('/v/store')
      },
    },
    'an account is the customer’s own': {
      words: [
        'お客様専用のお振込み口座です。ほかの方のお支払いにはお使いいただけません。',
        '第一振込支店（101）',
        '振込依頼人名の入力は不要です。ご家族など、ほかの方のお名前でもお振込みいただけます。',
        '株式会社ジャックス',
        'カ）ジャックス',
      ],
      async go({ browser, who, site }) {
        await giveAccount(site.world.db, who.customerId)
        await browser.open('/v/account')
      },
    },
    'a re-debit is planned': {
      words: [
        '11月30日（月）に再度口座振替を予定しております。口座に残高をご用意いただける場合、お振込みは不要です。お振込みと口座振替が重なった場合は、コンタクトセンターへご連絡ください。',
      ],
      go: ({ browser, site }) => withRedebit(site, '2026-11-30', '2026-11-26', () => browser.open('/v/account')),
    },
    'the bank has been asked for a re-debit': {
      words: [
        '11月26日（木）に再度口座振替を予定しております。すでに金融機関へ依頼しておりますので、いまお振込みいただいても口座振替は行われます。口座に残高をご用意いただける場合、お振込みは不要です。お振込みと口座振替が重なった場合は、コンタクトセンターへご連絡ください。',
        'お支払いが重ならないように、口座振替の結果を確認できるまで、バーコードの作成を控えております。',
      ],
      go: ({ browser, site }) => withRedebit(site, '2026-11-26', '2026-11-20', () => browser.open('/v/store')),
    },
    'the result of a re-debit is awaited': {
      words: [
        '11月24日（火）の再度の口座振替について、ただいま結果を確認中です。口座から引き落とされていた場合、お支払いは不要です。通帳などをご確認のうえ、お手続きください。お振込みと口座振替が重なった場合は、コンタクトセンターへご連絡ください。',
      ],
      go: ({ browser, site }) => withRedebit(site, '2026-11-24', '2026-11-20', () => browser.open('/v/account')),
    },
    'a part was paid': {
      words: [
        '3,000円のご入金を確認いたしました。',
        'ご入金日　11月23日（月）',
        '残りの金額　7,014円（本日お支払いの場合）',
        '受取証書を表示',
      ],
      async go({ browser, who, site }) {
        await receiveMoney(site.world, who, { amount: 3_000 })
        await browser.open('/v/menu')
      },
    },
    'everything was paid': {
      words: [
        'ご入金を確認いたしました。ありがとうございます。お手続きは不要です。',
        'ご入金日　11月23日（月）',
        '受取証書を表示',
      ],
      async go({ browser, who, site }) {
        await receiveMoney(site.world, who, { amount: 10_012 })
        await browser.open('/v/menu')
      },
    },
    'a receipt is asked for': {
      words: [
        '受取証書',
        'ジャックス タロウ 様',
        '次のとおり、お支払いいただいた金額を受領いたしました。',
        '受領金額10,012円',
        '受領日2026年（令和8年）11月23日',
        'お支払い方法銀行振込',
        'ご請求額へ10,000円',
        '遅延損害金へ12円',
        '残りのご請求額0円',
        '発行日2026年（令和8年）11月24日',
      ],
      async go({ browser, who, site }) {
        await receiveMoney(site.world, who, { amount: 10_012 })
        await browser.open('/v/payment-receipt')
      },
    },
    'a loan is owed': {
      words: [
        'お借入れの内容（貸金業法にもとづく表示）',
        '商号株式会社ジャックス',
        '登録番号関東財務局長（0）第00000号',
        '住所東京都見本区見本1-2-3',
        '担当者株式会社ジャックス　コンタクトセンター',
        'ご契約年月日2024年（令和6年）4月1日',
        '貸付けの金額300,000円',
        '貸付けの利率年18.0%',
        '弁済期2026年（令和8年）11月20日',
        'お支払いいただく金額10,021円',
        'うち元本10,000円',
        'うち利息・手数料0円',
        'うち遅延損害金21円',
      ],
      async go({ browser, who, site }) {
        const { db } = site.world
        await db
          .updateTable('contracts')
          .set({ product: 'cashing' })
          .where('customer_id', '=', who.customerId)
          .execute()
        await describeContracts(db, who.customerId, loanTerms)
        await browser.open('/v/amount')
      },
    },
    'the card’s result is not known yet': {
      words: [
        'ただいまお支払いの結果を確認しております。',
        'お手続きを終えられた場合、もう一度お支払いいただく必要はありません。結果は、しばらくしてからメニューでご確認いただけます。',
      ],
      async go({ browser }) {
        await browser.open('/v/card')
        await browser.request('/v/card', browser.formOf('/v/card'))
        provider.found = { kind: 'pending' }
        await browser.open('/v/card/return')
      },
    },
    'no card was paid with': {
      words: [
        'お支払いは、まだ完了しておりません。',
        'もう一度お手続きいただくか、ほかのお支払い方法をご利用ください。',
      ],
      go: ({ browser }) => browser.open('/v/card/return'),
    },
  }

const setPrincipal = (site: Site, { billId }: Somebody, principal: number) =>
  site.world.db.updateTable('bills').set({ principal }).where('id', '=', billId).execute()

const withRedebit = async (site: Site, planned: string, cutOff: string, go: () => Promise<unknown>) => {
  site.world.creditor.redebits = { cutOffBankDays: 3, days: [{ day: planned, cutOff }] }
  await go()
  delete site.world.creditor.redebits
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
const provider = paperProvider()
const texts = new Map<string, string>()

beforeAll(async () => {
  database = await testDatabase()
  site = await openSite(database.db, {
    change: (_, creditor) => {
      creditor.card = { provider: 'stripe', methods: ['card'] }
    },
    cardProvider: provider,
  })
  const who = await insertCustomer(site.world)
  await describeContracts(site.world.db, who.customerId, { pay_easy: payEasyNumbers })
  const browser = await signIn(who)
  for (const path of Object.keys(agreed)) if (!texts.has(path)) texts.set(path, textOf((await browser.open(path)).html))
})
afterAll(async () => {
  await site.close()
  await database.drop()
})

const signIn = async ({ form }: Somebody): Promise<PlainBrowser> => {
  const browser = new PlainBrowser(site)
  const read = async (path: string) => texts.set(path, textOf((await browser.open(path)).html))
  await read('/v/identity')
  const typed = { family: form.family, given: form.given, birthDate: '19980101', phone: domestic(form.phone) }
  await browser.send('/v/identity', typed)
  await read('/v/code')
  await browser.send('/v/code', { code: site.lastCode() })
  return browser
}

describe.each(Object.entries(agreed))('%s', (path, words) => {
  test.each([...words, ...everywhere])('says %s', (text) => {
    expect(texts.get(path)).toContain(text)
  })

  test('says nothing harsh', () => {
    expect(texts.get(path)).not.toMatch(neverSaid)
  })
})

describe.each(Object.entries(agreedWhen))('When %s', (_, { words, go }) => {
  let text = ''
  beforeAll(async () => {
    const who = await insertCustomer(site.world)
    const browser = await signIn(who)
    await go({ browser, who, site })
    text = textOf(browser.page?.html ?? '')
  })

  test.each([...words, ...everywhere])('the page says %s', (words) => {
    expect(text).toContain(words)
  })

  test('the page says nothing harsh', () => {
    expect(text).not.toMatch(neverSaid)
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
