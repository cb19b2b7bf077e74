import { type ScreenState, screenStates } from './screen-states.ts'

/** Each part is a test file of its own, so that all processors work. screens.parts.test.ts sees that none is missed. */
export const partsOfScreens = 2

/** Every second state, so that the parts take as long as each other. */
export const screensOfPart = (part: number): readonly ScreenState[] =>
  screenStates.filter((_, index) => index % partsOfScreens === part - 1)
