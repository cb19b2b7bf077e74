import { lookAtScreens } from './screens.look.ts'
import { screensOfPart } from './screens.parts.ts'

lookAtScreens(screensOfPart(2))
