import type { Permission } from '../src/console/roles.rules.ts'

/**
 * Every address of the console and who may go there, once more and by hand: `authorization.test.ts` tries each with every
 * role, and refuses a route that is not here. Whoever adds a page adds its line.
 */
export const consoleRoutes: Readonly<Record<string, Permission | 'signed-in' | 'public'>> = {
  'GET /sign-in': 'public',
  'POST /sign-in/demo': 'public',
  'GET /signed-out': 'public',

  'GET /': 'signed-in',
  'GET /live': 'signed-in',
  'POST /sign-out': 'signed-in',

  'GET /imports': 'import',
  'GET /imports/:id': 'import',
  'GET /imports/:id/live': 'import',
  'GET /imports/:id/not-billed.csv': 'export',
  'GET /imports/:id/problems.csv': 'import',
  'GET /imports/:id/rejected.csv': 'import',
  'POST /imports': 'import',
  'POST /imports/:id/undo': 'import',

  'GET /campaigns': 'see',
  'POST /campaigns/plan': 'plan-campaign',
  'GET /campaigns/:id': 'see',
  'GET /campaigns/:id/live': 'see',
  'GET /campaigns/:id/text/preview': 'plan-campaign',
  'POST /campaigns/:id/text': 'plan-campaign',
  'POST /campaigns/:id/test': 'plan-campaign',
  'POST /campaigns/:id/ask': 'plan-campaign',
  'POST /campaigns/:id/withdraw': 'plan-campaign',
  'POST /campaigns/:id/return': 'approve-campaign',
  'POST /campaigns/:id/approve': 'approve-campaign',
  'POST /campaigns/:id/pause': 'control-campaign',
  'POST /campaigns/:id/resume': 'control-campaign',
  'POST /campaigns/:id/cancel': 'control-campaign',
  'GET /campaigns/:id/excluded': 'see-case',
  'GET /campaigns/:id/excluded/csv': 'export',

  'GET /answers': 'see-case',
  'GET /answers/csv': 'export-cases',
  'GET /promises': 'see-case',
  'GET /promises/csv': 'export-cases',
  'GET /promises/broken': 'see-case',
  'GET /promises/broken/csv': 'export-cases',
  'GET /consultations': 'see-case',
  'GET /consultations/csv': 'export-cases',
  'POST /work-items/:customer/:id/close': 'act-on-case',
  'POST /work-items/:customer/:id/reopen': 'act-on-case',
  'GET /deposits': 'see-case',
  'GET /deposits/csv': 'export-cases',
  'GET /deposits/:id': 'see-case',
  'POST /deposits/:id/match': 'match-deposits',
  'POST /deposits/:id/unmatch': 'match-deposits',
  'GET /unreachable': 'see-case',
  'GET /unreachable/csv': 'export-cases',
  'POST /unreachable/:id/looked-at': 'act-on-case',
}
