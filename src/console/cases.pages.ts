import { caseRoutes } from './case.pages.ts'
import { answerActRoutes } from './case-answer.pages.ts'
import { holdRoutes } from './case-hold.pages.ts'
import { identityRoutes } from './case-identity.pages.ts'
import { noteRoutes } from './case-note.pages.ts'
import { wishRoutes } from './case-wish.pages.ts'
import type { ConsoleRoute } from './console-route.ts'
import type { ConsoleDesk } from './desk.ts'
import { revealRoutes } from './reveal.pages.ts'
import { searchRoutes } from './search.pages.ts'

/** Finding a customer, their page, and everything that can be done there. */
export const casesRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  ...searchRoutes(desk),
  ...caseRoutes(desk),
  ...noteRoutes(desk),
  ...holdRoutes(desk),
  ...answerActRoutes(desk),
  ...wishRoutes(desk),
  ...identityRoutes(desk),
  ...revealRoutes(desk),
]
