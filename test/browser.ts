import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'

/** A real browser on any machine: CHROME_PATH, else the system's Chromium, else the one inside the npm package. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROME_PATH ?? systemChromium() ?? (await packagedChromium())
  return chromium.launch({
    executablePath,
    args: quietly,
    // As on an operator's machine: without UTF-8 it saves no file under a Japanese name.
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...libraries(executablePath), ...japaneseFont() },
  })
}

/** Nothing in the background: a test shall reach the network only where it says so. */
const quietly = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--font-render-hinting=none',
]

const modules = fileURLToPath(new URL('../node_modules/', import.meta.url))

const cache = join(modules, '.cache/annai')

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

function systemChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path))
}

/**
 * Unpacked once, into a folder of its version. The package unpacks to the temporary folder without asking whether
 * another process is at it, so each process unpacks for itself and the first one's folder is kept.
 */
async function packagedChromium(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(modules, '@sparticuz/chromium/package.json'), 'utf8'))
  const kept = join(cache, `chromium-${version}`)
  if (!existsSync(kept)) {
    const { default: packaged, inflate } = await import('@sparticuz/chromium')
    mkdirSync(cache, { recursive: true })
    const draft = mkdtempSync(join(cache, 'unpacking-'))
    await unpackingInto(draft, async () => {
      await packaged.executablePath()
      await inflate(join(modules, '@sparticuz/chromium/bin/al2023.tar.br'))
    })
    keepFirst(draft, kept)
  }
  return join(kept, 'chromium')
}

async function unpackingInto(folder: string, unpack: () => Promise<void>): Promise<void> {
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder
  try {
    await unpack()
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}

function keepFirst(draft: string, kept: string): void {
  try {
    renameSync(draft, kept)
  } catch {
    rmSync(draft, { recursive: true, force: true })
  }
}

/** The package brings the libraries that a bare machine lacks; where the system has them, its own are used. */
function libraries(executablePath: string): { LD_LIBRARY_PATH?: string } {
  const brought = join(executablePath, '../al2023/lib')
  if (!existsSync(brought) || !said('ldd', [executablePath]).includes('not found')) return {}
  return { LD_LIBRARY_PATH: [brought, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter) }
}

/**
 * The Japanese font of the lock file and no other: without one every sign is an empty box, and with a chance one the
 * lines break elsewhere on every machine.
 */
function japaneseFont(): { FONTCONFIG_FILE: string } {
  const folder = join(cache, 'fonts')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'fonts.conf')
  const weights = ['400Regular', '700Bold'].map((weight) => join(modules, '@expo-google-fonts/noto-sans-jp', weight))
  writeOnce(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
${weights.map((weight) => `<dir>${weight}</dir>`).join('')}<cachedir>${folder}/cache</cachedir>
<alias><family>sans-serif</family><prefer><family>Noto Sans JP</family></prefer></alias>
<config><rescan><int>0</int></rescan></config></fontconfig>
`,
  )
  return { FONTCONFIG_FILE: file }
}

/** Left alone while it says the same: a browser that runs looks at it again, and would read its fonts anew. */
function writeOnce(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, text)
  renameSync(draft, file)
}

function said(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return ''
  }
}
