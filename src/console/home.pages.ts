import type { ConsoleRoute } from './console-route.ts'
import type { ConsoleDesk } from './desk.ts'
import { homePage } from './home.views.ts'
import { page } from './replies.pages.ts'
import { urls } from './urls.ts'

export const homeRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  { kind: 'page', path: urls.home, may: 'signed-in', show: ({ frame }) => page(homePage(desk.look, frame)) },
]
