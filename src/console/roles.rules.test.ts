import { expect, test } from 'vitest'
import { may, permissions, roles } from './roles.rules.ts'

/** What was agreed, role by role. */
const agreed = {
  viewer: ['see', 'see-case', 'see-reports', 'see-settings'],
  agent: [
    ...['see', 'see-case', 'act-on-case', 'reveal', 'match-deposits', 'see-reports'],
    ...['export', 'export-cases', 'see-settings'],
  ],
  author: ['see', 'import', 'plan-campaign', 'control-campaign', 'see-reports', 'export', 'see-settings'],
  approver: ['see', 'approve-campaign', 'control-campaign', 'see-reports', 'see-settings'],
  auditor: ['see', 'see-case', 'see-reports', 'export', 'export-cases', 'see-audit', 'see-settings'],
  admin: ['see', 'see-case', 'control-campaign', 'see-reports', 'see-audit', 'see-settings', 'administer'],
}

test.each(roles)('%s may what was agreed, and nothing else', (role) => {
  expect(permissions.filter((permission) => may([role], permission))).toEqual(agreed[role])
})

test('Several roles may what any of them may, and none may nothing', () => {
  expect(may(['viewer', 'approver'], 'approve-campaign')).toBe(true)
  expect(permissions.filter((permission) => may([], permission))).toEqual([])
})

test('Nobody plans and approves by one role', () => {
  expect(roles.filter((role) => may([role], 'plan-campaign') && may([role], 'approve-campaign'))).toEqual([])
})
