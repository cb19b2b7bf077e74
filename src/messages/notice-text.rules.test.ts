import { expect, test } from 'vitest'
import { creditorWith } from '../../test/casework.ts'
import { noticeText } from './creditor-texts.rules.ts'
import { checkNoticeText, normalNoticeText } from './notice-text.rules.ts'

const creditor = { ...(await creditorWith()), siteAddress: 'https://mobile.jaccs.co.jp/v' }
const kinds = (text: string) => checkNoticeText(creditor, text).map(({ kind }) => kind)
const url = creditor.siteAddress

test('The text of the creditor’s file may go out as a campaign’s own', () => {
  expect(kinds(noticeText(creditor))).toEqual([])
})

test.each([
  [`株式会社ジャックスです。 ${url}`, []],
  [`株式会社ジャックスです。\n${url}`, []],
  [`お知らせです。 ${url}`, ['company-missing']],
  ['株式会社ジャックスからお支払いのご案内です。', ['address-missing']],
  // An address that only begins like ours leads elsewhere.
  [`株式会社ジャックスです。 ${url}x`, ['address-missing']],
  [`株式会社ジャックスです。 ${url} https://example.com/`, ['foreign-address']],
  [`株式会社ジャックスです。12,300円のお支払い。 ${url}`, ['amount-of-money']],
  [`株式会社ジャックスより至急のお願いです。 ${url}`, ['word-of-dunning']],
  [`{company} 株式会社ジャックスです。 ${url}`, ['value-missing']],
  [`株式会社ジャックスです。${'ご案内'.repeat(20)} ${url}`, ['too-many-parts']],
  ['', ['company-missing', 'empty', 'address-missing']],
])('%j has the problems %j', (text, problems) => {
  expect(kinds(text)).toEqual(problems)
})

test('Line breaks of a browser become those of an SMS, and what stands invisibly at the ends is not sent', () => {
  expect(normalNoticeText(' 株式会社\r\nジャックス\r \n')).toBe('株式会社\nジャックス')
})
