import { assert } from '#values/assert'
import { type Day, day } from '#values/day'
import { type Phone, phone } from '#values/phone'

/** The three facts as somebody typed them, parsed. */
export type Typed = {
  readonly family: string
  readonly given: string
  readonly birthDate: Day
  readonly phone: Phone
}

export function writeTyped({ family, given, birthDate, phone }: Typed): string {
  return JSON.stringify([family, given, birthDate, phone])
}

export function readTyped(text: string): Typed {
  const [family, given, birthDate, number]: readonly unknown[] = JSON.parse(text)
  assert(
    typeof family === 'string' &&
      typeof given === 'string' &&
      typeof birthDate === 'string' &&
      typeof number === 'string',
    'what was typed is four texts',
  )
  return { family, given, birthDate: day(birthDate), phone: phone(number) }
}

/** By which wrong codes are counted: the person, however the name was spelt or its two parts were swapped. */
export function personText({ birthDate, phone }: Typed): string {
  return `${phone}|${birthDate}`
}
