import type { Policies } from '#creditor'

/** A number of the creditor's file in the words of whoever asks what the rule is. */
export type PolicyFact = { readonly what: string; readonly value: string; readonly key: string }

export type PolicyGroup = { readonly title: string; readonly facts: readonly PolicyFact[] }

/** Every policy that decides about customers, with the key by which the file has it. */
export const policyGroups = (p: Policies): readonly PolicyGroup[] => [
  {
    title: 'ご連絡',
    facts: [
      fact('ご案内を送る時間', `${p.contact.opens}〜${p.contact.closes}`, 'contact.opens, contact.closes'),
      fact(
        '日曜日・祝日・年末年始',
        yesNo([p.contact.onSundays, p.contact.onHolidays, p.contact.overNewYear]),
        'contact.onSundays ほか',
      ),
      fact('1日に送る数', `${p.contact.noticesPerDay}通まで`, 'contact.noticesPerDay'),
      fact('7日間に送る数', `${p.contact.noticesIn7Days}通まで`, 'contact.noticesIn7Days'),
      fact('1つの案内対象に送る数', `${p.contact.noticesPerCase}通まで`, 'contact.noticesPerCase'),
      fact('お支払い済み・ご相談の後に控える日数', `${p.contact.quietBusinessDays}営業日`, 'contact.quietBusinessDays'),
    ],
  },
  {
    title: 'お支払いのご予定',
    facts: [
      fact('選べる日', `${p.promise.days}日先まで`, 'promise.days'),
      fact('ご予定を受けない回数', `${p.promise.brokenMax}回の不履行から`, 'promise.brokenMax'),
      fact('入金が分かるまで', `${p.promise.postingBankDays}銀行営業日`, 'promise.postingBankDays'),
      fact('判定する時刻', p.promise.judgedAt, 'promise.judgedAt'),
    ],
  },
  {
    title: '認証番号と本人認証',
    facts: [
      fact('認証番号の桁数', `${p.code.digits}桁`, 'code.digits'),
      fact('認証番号の有効期間', `${p.code.lifeMinutes}分`, 'code.lifeMinutes'),
      fact('1つの認証番号の入力', `${p.code.triesPerCode}回まで`, 'code.triesPerCode'),
      fact('1日の認証番号', `${p.code.codesPerDay}個まで`, 'code.codesPerDay'),
      fact('再送信までの時間', `${p.code.resendAfterSeconds.join('、')}秒`, 'code.resendAfterSeconds'),
      fact(
        '誤りの上限',
        `1日${p.code.wrongPerDay}回、30日${p.code.wrongIn30Days}回`,
        'code.wrongPerDay, code.wrongIn30Days',
      ),
      fact(
        '本人認証の上限',
        `1日${p.identity.triesPerDayPerPhone}回（同じ端末からは${p.identity.triesPerDayPerPhoneAndClient}回）`,
        'identity.triesPerDayPerPhone ほか',
      ),
      fact(
        '画面の有効期間',
        `操作なし${p.visit.idleMinutes}分、最長${p.visit.absoluteMinutes}分`,
        'visit.idleMinutes, visit.absoluteMinutes',
      ),
    ],
  },
  {
    title: '配信',
    facts: [
      fact('承認', p.approval === 'two-persons' ? '作成者とは別の担当者が承認' : '1人で承認できる', 'approval'),
      fact('自動で止める失敗の割合', `直近200通の${p.messages.pauseFailedPercent}%`, 'messages.pauseFailedPercent'),
      fact('自動で止める連続の拒否', `${p.messages.pauseRefusedInARow}通`, 'messages.pauseRefusedInARow'),
      fact(
        '不明なご案内の再送',
        p.messages.repeatDoubtfulNoticeAfterMinutes === 0
          ? 'しない'
          : `${p.messages.repeatDoubtfulNoticeAfterMinutes}分後に1回`,
        'messages.repeatDoubtfulNoticeAfterMinutes',
      ),
      fact('1通ごとの記録を残す期間', `${p.messages.keepLogMonths}か月`, 'messages.keepLogMonths'),
    ],
  },
  {
    title: '入金',
    facts: [
      fact('充当の順', p.payments.allocation.map((part) => partNames[part]).join('→'), 'payments.allocation'),
      fact('入金済みとみなす残り', `${p.payments.waiveUpToYen.toLocaleString('ja-JP')}円まで`, 'payments.waiveUpToYen'),
      fact('金額と名義による消込', p.deposits.matchByName ? 'する' : 'しない', 'deposits.matchByName'),
      fact(
        '入金の確認にかかる日数',
        `${p.deposits.confirmationBusinessDays}営業日`,
        'deposits.confirmationBusinessDays',
      ),
    ],
  },
]

const partNames: Readonly<Record<Policies['payments']['allocation'][number], string>> = {
  fee: '手数料',
  'late-charge': '遅延損害金',
  principal: '元本',
}

const fact = (what: string, value: string, key: string): PolicyFact => ({ what, value, key: `policies.${key}` })

const yesNo = ([sundays, holidays, newYear]: readonly boolean[]): string =>
  [
    [sundays, '日曜日'],
    [holidays, '祝日'],
    [newYear, '年末年始'],
  ]
    .map(([is, name]) => `${name}は${is ? '送る' : '送らない'}`)
    .join('、')
