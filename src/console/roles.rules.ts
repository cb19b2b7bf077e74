/** What a role is called on the screen; the provider's claims are mapped to the keys (docs/operating.md). */
export const roleNames = {
  viewer: '閲覧',
  agent: '応対',
  author: '配信作成',
  approver: '配信承認',
  auditor: '監査',
  admin: '管理',
} as const

export type Role = keyof typeof roleNames

export const roles = Object.keys(roleNames) as readonly Role[]

export type Permission =
  | 'see'
  | 'see-case'
  | 'act-on-case'
  | 'reveal'
  | 'import'
  | 'plan-campaign'
  | 'approve-campaign'
  | 'control-campaign'
  | 'match-deposits'
  | 'see-reports'
  | 'export'
  | 'export-cases'
  | 'see-audit'
  | 'see-settings'
  | 'administer'

/**
 * Who may what, the whole of it. Nobody may both plan and approve by one role, and no role stands above this table:
 * whoever administers can stop a campaign and cannot start one.
 */
const allowed: Readonly<Record<Permission, readonly Role[]>> = {
  see: roles,
  'see-case': ['viewer', 'agent', 'auditor', 'admin'],
  'act-on-case': ['agent'],
  reveal: ['agent'],
  import: ['author'],
  'plan-campaign': ['author'],
  'approve-campaign': ['approver'],
  'control-campaign': ['author', 'approver', 'admin'],
  'match-deposits': ['agent'],
  'see-reports': roles,
  export: ['agent', 'author', 'auditor'],
  /** Lists of customers: whoever may export, and see them. */
  'export-cases': ['agent', 'auditor'],
  'see-audit': ['auditor', 'admin'],
  'see-settings': roles,
  administer: ['admin'],
}

export const permissions = Object.keys(allowed) as readonly Permission[]

/** With several roles, whatever one of them may. */
export const may = (held: readonly Role[], permission: Permission): boolean =>
  allowed[permission].some((role) => held.includes(role))

export const isRole = (word: string): word is Role => Object.hasOwn(roleNames, word)
