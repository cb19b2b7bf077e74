import { readFile } from 'node:fs/promises'
import { parse, YAMLParseError } from 'yaml'
import { Fault } from '#platform/fault'

/** Reads a YAML or JSON file (JSON is YAML). Faults: `config-unreadable`, `config-syntax` with line and column. */
export const readConfigFile = async (path: string): Promise<unknown> => {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Fault('config-unreadable', `${path} cannot be read`, { cause })
  })
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
