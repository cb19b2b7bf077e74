import { spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where this run keeps its PostgreSQL, which the first test that wants a database starts. */
    testDatabaseFolder: string
  }
}

/** A folder for the run's PostgreSQL. Nothing is started here: most runs of a few files need no database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'annai-test-'))
  project.provide('testDatabaseFolder', folder)
  return keepUntilWeEnd(folder)
}

/**
 * A shell that waits for the end of its input, stops the server and removes the folder. Its input ends when we say so
 * and also when this process is interrupted or killed, so that nothing stays behind either way.
 */
export function keepUntilWeEnd(folder: string): () => Promise<void> {
  const cleaner = spawn('sh', ['-c', cleaning, 'sh', folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  cleaner.unref()
  return () =>
    new Promise((done) => {
      cleaner.on('exit', () => done())
      cleaner.ref()
      cleaner.stdin.end()
    })
}

const cleaning = `
trap '' INT TERM HUP
cat > /dev/null
pid=$(head -n 1 "$1/postgres/postmaster.pid" 2> /dev/null)
if [ -n "$pid" ]; then
  kill -QUIT "$pid" 2> /dev/null
  for _ in $(seq 100); do kill -0 "$pid" 2> /dev/null || break; sleep 0.05; done
fi
rm -rf "$1"
`
