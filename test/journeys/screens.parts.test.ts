import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { screenStates } from './screen-states.ts'
import { partsOfScreens, screensOfPart } from './screens.parts.ts'

const parts = Array.from({ length: partsOfScreens }, (_, index) => index + 1)

test('every state is in one part', () => {
  const named = parts.flatMap((part) => screensOfPart(part).map(({ name }) => name))
  expect(named.toSorted()).toEqual(screenStates.map(({ name }) => name).toSorted())
  expect(new Set(named).size).toBe(named.length)
})

test.each(parts)('part %i has its test file', (part) => {
  const file = new URL(`screens-${part}.test.ts`, import.meta.url)
  expect(readFileSync(file, 'utf8')).toContain(`lookAtScreens(screensOfPart(${part}))`)
})
