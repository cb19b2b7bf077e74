import { parseArgs } from 'node:util'

/** How large and how rough a run is. The same options and seed draw the same mischief and the same weather. */
export type ChaosOptions = {
  readonly messages: number
  readonly kills: number
  readonly seed: string
  readonly receipts: 'on' | 'off'
  readonly workers: number
  /** With two, one of them dies, hangs or turns everybody away again and again, and the other is there. */
  readonly carriers: 1 | 2
  /** How long there shall be mischief. */
  readonly minutes: number
}

/** `npm run chaos -- --messages 200000 --kills 100 --seed 1 --receipts on --workers 3 --carriers 1 --minutes 12`. */
export const readOptions = (args: readonly string[]): ChaosOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      messages: { type: 'string', default: '200000' },
      kills: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      receipts: { type: 'string', default: 'on' },
      workers: { type: 'string', default: '3' },
      carriers: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '12' },
    },
  })
  const number = (
    name: 'messages' | 'kills' | 'workers' | 'carriers' | 'minutes',
    min: number,
    max: number,
  ): number => {
    const value = Number(values[name])
    if (!(value >= min && value <= max)) throw new Error(`--${name} is a number from ${min} to ${max}`)
    return value
  }
  const { receipts, seed } = values
  if (receipts !== 'on' && receipts !== 'off') throw new Error('--receipts is on or off')
  return {
    // 0900 numbers end there.
    messages: number('messages', 100, 8_000_000),
    kills: number('kills', 0, 10_000),
    workers: number('workers', 1, 8),
    carriers: number('carriers', 1, 2) === 2 ? 2 : 1,
    minutes: number('minutes', 0.1, 300),
    seed,
    receipts,
  }
}

/** What the run's carrier allows: twice what the campaign needs, so that it can catch up after a crash. */
export const ratePerSecondOf = ({ messages, minutes }: ChaosOptions): number =>
  Math.min(5_000, Math.max(200, Math.ceil((messages / (minutes * 60)) * 2)))

export const codeCountOf = ({ messages }: ChaosOptions): number => Math.max(100, Math.round(messages / 20))

/** Per bind. A smaller one would make a crash less interesting. */
export const windowMax = 30
export const binds = 4

/** The preferred first. */
export const carrierNames = ({ carriers }: Pick<ChaosOptions, 'carriers'>): readonly string[] =>
  ['carrier', 'other-carrier'].slice(0, carriers)
