import type { Permission } from './roles.rules.ts'
import { urls } from './urls.ts'

export type NavigationKey =
  | 'home'
  | 'imports'
  | 'campaigns'
  | 'cases'
  | 'answers'
  | 'promises'
  | 'consultations'
  | 'deposits'
  | 'unreachable'
  | 'reports'
  | 'audit'
  | 'settings'

type Place = {
  readonly key: NavigationKey
  readonly label: string
  readonly href: string
  readonly may: Permission | 'signed-in'
}

/** Where one can go, in the order of a day's work. */
export const navigation: readonly Place[] = [
  { key: 'home', label: 'ホーム', href: urls.home, may: 'signed-in' },
  { key: 'imports', label: '取込', href: urls.imports, may: 'import' },
  { key: 'campaigns', label: '配信', href: urls.campaigns, may: 'see' },
  { key: 'cases', label: '案内対象', href: urls.cases, may: 'see-case' },
  { key: 'answers', label: 'ご回答', href: urls.answers, may: 'see-case' },
  { key: 'promises', label: 'お支払いのご予定', href: urls.promises, may: 'see-case' },
  { key: 'consultations', label: 'ご相談', href: urls.consultations, may: 'see-case' },
  { key: 'deposits', label: '入金', href: urls.deposits, may: 'see-case' },
  { key: 'unreachable', label: '不達番号', href: urls.unreachable, may: 'see-case' },
  { key: 'reports', label: 'レポート', href: urls.reports, may: 'see-reports' },
  { key: 'audit', label: '監査ログ', href: urls.audit, may: 'see-audit' },
  { key: 'settings', label: '設定', href: urls.settings, may: 'see-settings' },
]
