import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { readOptions } from './options.ts'
import { showReport } from './report.ts'
import { runChaos } from './run.ts'

/** `npm run chaos`: prints its table and ends with 1 if anything was wrong. */
const options = readOptions(process.argv.slice(2))
const stopped = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => reject(new Error(`stopped by ${signal}`)))
})
const report = await runChaos(options, { say: (text) => process.stderr.write(`${text}\n`), stopped })
const { stdout } = await promisify(execFile)('git', ['rev-parse', '--short', 'HEAD'], { cwd: import.meta.dirname })
process.stdout.write(`${showReport(report, stdout.trim())}\n`)
process.exitCode = report.violations.length === 0 ? 0 : 1
