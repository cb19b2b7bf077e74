import type { Settings } from '../settings.ts'
import { openWorld, type World } from '../world.ts'

/** Opens what a command works with and leaves it again, whatever happens. */
export const withWorld = async <T>(settings: Settings, act: (world: World) => Promise<T>): Promise<T> => {
  const world = await openWorld(settings)
  try {
    return await act(world)
  } finally {
    await world.close()
  }
}

/** Who acts, for the audit log. The command line is no way round: whoever runs it is named, by `--as` or by their login. */
export const actorOf = (options: { readonly as?: string | undefined }): `cli:${string}` =>
  `cli:${options.as ?? process.env.USER ?? 'unknown'}`
