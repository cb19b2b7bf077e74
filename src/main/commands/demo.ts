import { createServer } from 'node:net'
import { openLog } from '#platform/log'
import { startDemo } from '../demo.ts'
import type { Settings } from '../settings.ts'
import { terminal } from '../terminal.ts'
import { untilStopped } from '../until-stopped.ts'

/** Runs the demo until Ctrl-C. */
export const demoCommand = async (given: Settings): Promise<number> => {
  const settings = { ...given, portal: { host: '127.0.0.1', port: given.portal.port || (await freePort()) } }
  const stopped = untilStopped()
  terminal.say('Starting …')
  const demo = await startDemo(settings, openLog(settings.logLevel))
  terminal.say('')
  terminal.say(`  Site      ${demo.siteAddress}`)
  terminal.say(`  Console   ${demo.consoleAddress}   for operators: choose whom to be`)
  terminal.say(`  Sandbox   ${demo.sandboxAddress}   phone, people, clock`)
  terminal.say('')
  terminal.say('Open the sandbox, read the SMS, play one of the people. Ctrl-C stops everything; the data stays.')
  await stopped
  terminal.say('Stopping …')
  await demo.stop()
  return 0
}

/** The address stands in the notices, so it must be known before anything is planned. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
