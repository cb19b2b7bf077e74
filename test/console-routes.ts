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
}
