import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { World } from '../../src/main/world.ts'
import { openBenchWorld } from './annai-world.ts'
import { type RunningContestant, startContestant } from './contestant.ts'
import type { Options } from './report.ts'
import type { Stage } from './stage.ts'

/** Nodes of Annai at work for one gateway, each a process, and this process's own view of their database. */
export type Nodes = {
  readonly world: World
  readonly adminUrl: string
  close(): Promise<void>
}

/** Resolves when every bind stands. Nothing is queued. */
export async function startNodes(
  stage: Stage,
  options: Options,
  { nodes, binds, ratePerSecond }: { readonly nodes: number; readonly binds: number; readonly ratePerSecond: number },
): Promise<Nodes> {
  const database = await stage.newDatabase('migrated')
  const folder = join(stage.folder, `nodes-${Date.now()}`)
  await mkdir(folder)
  const place = { databaseUrl: database.url, folder, tenMs: stage.tenMs }
  // Makes the keys before anybody else looks for them.
  const world = await openBenchWorld(place)
  await stage.sink.reset()
  const contest = {
    ...options,
    ...place,
    adminUrl: database.adminUrl,
    sinkPort: stage.sink.port,
    binds,
    ratePerSecond,
  }
  const running: RunningContestant[] = []
  for (let node = 0; node < nodes; node++) running.push(await startContestant('annai-rules', contest))
  await Promise.all(running.map((node) => node.step('drain')))
  await stage.sink.reach({ binds })
  return {
    world,
    adminUrl: database.adminUrl,
    async close() {
      await Promise.all(running.map((node) => node.close()))
      await world.close()
      await stage.drop(database.url)
    },
  }
}
