import { readFile } from 'node:fs/promises'
import { isMap, isNode, isScalar, isSeq, LineCounter, parse, parseDocument, YAMLParseError } from 'yaml'
import { Fault } from '#platform/fault'

/** Reads a YAML or JSON file (JSON is YAML). Faults: `config-unreadable`, `config-syntax` with line and column. */
export const readConfigFile = async (path: string): Promise<unknown> => {
  const text = await readText(path)
  try {
    return parse(text) as unknown
  } catch (cause) {
    if (!(cause instanceof YAMLParseError)) throw cause
    const at = cause.linePos?.[0]
    throw new Fault('config-syntax', `${path}${at ? `, line ${at.line}, column ${at.col}` : ''}: ${cause.message}`, {
      cause,
    })
  }
}

export type ConfigWithLines = {
  readonly value: unknown
  /** The line of a key like `gateways.main.password`, or of the nearest above it that is there. */
  lineOf(key: string): number
}

/** The same for a file that may hold secrets: its faults name a place and never quote what stands there. */
export const readConfigWithLines = async (path: string): Promise<ConfigWithLines> => {
  const text = await readText(path)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const [problem] = [...document.errors, ...document.warnings]
  if (problem !== undefined) {
    // Its code alone: its message ends with the line as it stands.
    const { line, col } = lines.linePos(problem.pos[0])
    throw notYaml(`${path}, line ${line}, column ${col}`, problem.code.toLowerCase().replaceAll('_', ' '))
  }
  let value: unknown
  try {
    value = document.toJS()
  } catch {
    throw notYaml(path, 'an alias without an anchor: a text that begins with * needs quotes')
  }
  return { value, lineOf: (key) => lines.linePos(placeOf(document.contents, key.split('.'))).line }
}

const readText = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Fault('config-unreadable', `${path} cannot be read`, { cause })
  })

const notYaml = (place: string, why: string): Fault => new Fault('config-syntax', `${place}: this is no YAML (${why})`)

const placeOf = (from: unknown, names: readonly string[]): number => {
  let node = from
  let place = startOf(node) ?? 0
  for (const name of names) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : key) === name)
      place = startOf(pair?.key) ?? place
      node = pair?.value
    } else {
      node = isSeq(node) ? node.items[Number(name)] : undefined
      place = startOf(node) ?? place
    }
  }
  return place
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined)
