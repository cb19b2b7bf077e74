import type { Route } from '#platform/http/http'
import { type Desk, visitPage } from './door.pages.ts'
import { showMenu } from './standing.pages.ts'
import { urls } from './urls.ts'

export const menuRoutes = (desk: Desk): readonly Route[] => [
  visitPage(desk, urls.menu, (asked, visiting) => showMenu(desk, visiting, asked.now)),
]
