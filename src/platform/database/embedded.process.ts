import { readFile, stat } from 'node:fs/promises'

/**
 * What tells this run of a process from a later one with the same number: the boot and the tick it started at.
 * Undefined for a process that is gone, or dead and only not yet reaped: where nobody reaps, it stays so for ever.
 */
export async function processIdentity(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return answersSignals(pid) ? 'alive' : undefined
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (line === undefined) return undefined
  // The name in brackets may hold spaces and brackets itself, so fields are counted from the last bracket: proc(5).
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const [state, startedAtTick] = [fields[0], fields[19]]
  if (state === 'Z' || state === 'X') return undefined
  return `${await bootId()}:${startedAtTick}`
}

/** Is this living process working in that folder? PostgreSQL's first process works in its data folder. */
export async function worksIn(pid: number, folder: string): Promise<boolean> {
  if ((await processIdentity(pid)) === undefined) return false
  if (process.platform !== 'linux') return true
  const [its, ours] = await Promise.all([folderIdentity(`/proc/${pid}/cwd`), folderIdentity(folder)])
  return its !== undefined && its === ours
}

async function folderIdentity(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found && `${found.dev}:${found.ino}`
}

async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim()
}

function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
