import { answersRoutes } from './answers.pages.ts'
import type { ConsoleRoute } from './console-route.ts'
import { consultationsRoutes } from './consultations.pages.ts'
import { depositsRoutes } from './deposits.pages.ts'
import type { ConsoleDesk } from './desk.ts'
import { promisesRoutes } from './promises.pages.ts'
import { unreachableRoutes } from './unreachable.pages.ts'
import { workItemRoutes } from './work-items.pages.ts'

/** What was answered, and what waits for people. */
export const queueRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  ...answersRoutes(desk),
  ...promisesRoutes(desk),
  ...consultationsRoutes(desk),
  ...workItemRoutes(desk),
  ...depositsRoutes(desk),
  ...unreachableRoutes(desk),
]
