import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * What takes longest, the longest first: started last, one of them would keep the whole run waiting while the other
 * worker idles. Without this list a fresh checkout goes by file size, which says little about time.
 */
export const longest: readonly string[] = [
  'test/journeys/two-files.test.ts',
  'test/journeys/screens-1.test.ts',
  'test/journeys/screens-2.test.ts',
  'test/journeys/kill.test.ts',
  'test/chaos/chaos.test.ts',
  'test/journeys/console-screens.test.ts',
  'test/journeys/evening.test.ts',
  'src/platform/database/embedded.test.ts',
  'test/journeys/journey.test.ts',
  'src/intake/import-debits.test.ts',
  'test/journeys/payment.test.ts',
  'test/journeys/console-campaign.test.ts',
  'test/simulation/simulation.test.ts',
  'test/journeys/console-imports.test.ts',
  'src/intake/import-deposits.test.ts',
  'test/journeys/kill-deposits.test.ts',
  'src/intake/import-customers.test.ts',
  'test/journeys/barcode.test.ts',
  'test/simulation/planted-bugs.test.ts',
  'src/intake/redebits.test.ts',
]

/** The long ones in their order, then the others as vitest would have them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const index = longest.indexOf(relative(this.ctx.config.root, moduleId))
      return index === -1 ? longest.length : index
    }
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other))
  }
}
