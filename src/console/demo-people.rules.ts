import type { Role } from './roles.rules.ts'

/** Whom one may be in a demo. They stand for roles and are called by them, so nobody takes them for real people. */
export type DemoPerson = { readonly key: string; readonly name: string; readonly roles: readonly Role[] }

export const demoPeople: readonly DemoPerson[] = [
  { key: 'viewer', name: '閲覧者', roles: ['viewer'] },
  { key: 'agent', name: '応対者', roles: ['viewer', 'agent'] },
  { key: 'author', name: '作成者', roles: ['viewer', 'author'] },
  { key: 'approver', name: '承認者', roles: ['viewer', 'approver'] },
  // Both roles, to see that nobody approves their own.
  { key: 'chief', name: '責任者', roles: ['viewer', 'agent', 'author', 'approver', 'admin'] },
  { key: 'auditor', name: '監査者', roles: ['auditor'] },
  { key: 'admin', name: '管理者', roles: ['viewer', 'admin'] },
]
