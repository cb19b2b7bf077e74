import { Fault } from '#platform/fault'
import { program } from './program.ts'
import { readSettings } from './settings.ts'
import { terminal } from './terminal.ts'

/** 0 done, 1 refused or failed, 2 wrong usage. */
const run = async (): Promise<number> => {
  try {
    return await program(process.argv.slice(2), () => readSettings(process.env))
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    terminal.say(`annai: ${error.message} [${error.code}]`)
    return 1
  }
}

// A reader that stops reading, like `head`, is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
process.exitCode = await run()
