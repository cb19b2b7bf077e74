import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** In which Linux counts (USER_HZ, 100 everywhere). */
const msPerTick = 10

/** Processor time of the PostgreSQL of this folder, its ended sessions included, so far. */
export async function databaseCpuMs(dataDir: string): Promise<number> {
  const pid = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0] ?? ''
  const ticks = (stat: readonly number[], from: number, to: number) =>
    stat.slice(from, to).reduce((sum, value) => sum + value, 0)
  let sum = 0
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const stat = await readStat(entry)
    // proc(5): the parent is field 4, utime and stime are 14 and 15, those of reaped children 16 and 17.
    if (entry === pid) sum += ticks(stat, 11, 15)
    else if (stat[1] === Number(pid)) sum += ticks(stat, 11, 13)
  }
  return sum * msPerTick
}

/** Processor time of these processes so far. */
export async function cpuMsOf(pids: readonly number[]): Promise<number> {
  const stats = await Promise.all(pids.map((pid) => readStat(String(pid))))
  return stats.reduce((sum, stat) => sum + (stat[11] ?? 0) + (stat[12] ?? 0), 0) * msPerTick
}

/** The fields behind the name, which may hold anything: the first is field 3. */
async function readStat(pid: string): Promise<readonly number[]> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return line
    .slice(line.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
}
