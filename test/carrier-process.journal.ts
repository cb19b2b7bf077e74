import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { CarrierJournal, TakenMessage } from '../src/sandbox/carrier-journal.ts'

/**
 * The carrier's own record of a run, for comparing with our log message by message: a file of JSON lines that only
 * grows. Moments are by the carrier's clock.
 */
export type CarrierLine =
  /** Written before the answer leaves: what is not here was not taken, whatever the answer. */
  | TakenLine
  /** It came to its end as `taken` said. */
  | { readonly kind: 'ended'; readonly id: string; readonly at: string }
  /** A receipt was heard: a line for every copy, also for the ids of `strays`, which were never taken. */
  | { readonly kind: 'acknowledged'; readonly id: string; readonly at: string }

export type TakenLine = {
  readonly kind: 'taken'
  readonly at: string
  readonly id: string
  readonly account: string
  /** Eleven digits. */
  readonly to: string
  readonly from: string
  /** Of this part alone. */
  readonly text: string
  readonly part: number
  readonly parts: number
  /** Our user_message_reference. */
  readonly reference?: number
  readonly validUntil?: string
  /** How it will end, and what its sender was told. */
  readonly fate: TakenMessage['fate']
  readonly answer: TakenMessage['answer']
}

/** Reads what is there now; a line that is only half written yet is left out. */
export async function* readCarrierLines(file: string): AsyncGenerator<CarrierLine> {
  const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })
  for await (const line of lines) {
    if (line.endsWith('}')) yield JSON.parse(line) as CarrierLine
  }
}

/**
 * Every line is handed to the operating system before its promise resolves, so it outlives the kill of any process,
 * this one's too. It is not forced onto the disk: nobody pulls the plug of the machine that the tests run on.
 */
export async function openCarrierJournal(file: string): Promise<CarrierJournal & { close(): Promise<void> }> {
  const lines = new Lines(await open(file, 'a'))
  return {
    taken: (message) => lines.append(lineOf(message)),
    ended: (id, at) => lines.append({ kind: 'ended', id, at: at.toISOString() }),
    acknowledged: (id, at) => lines.append({ kind: 'acknowledged', id, at: at.toISOString() }),
    close: () => lines.close(),
  }
}

function lineOf(message: TakenMessage): TakenLine {
  const { id, account, to, from, text, concatenation, reference, validUntil, submittedAt, fate, answer } = message
  const { part, parts } = concatenation ?? { part: 1, parts: 1 }
  return {
    kind: 'taken',
    at: submittedAt.toISOString(),
    id,
    account,
    to,
    from,
    text,
    part,
    parts,
    ...(reference === undefined ? {} : { reference }),
    ...(validUntil === undefined ? {} : { validUntil: validUntil.toISOString() }),
    fate,
    answer,
  }
}

/** What comes while a write is under way leaves with the next one. */
class Lines {
  readonly #handle: FileHandle
  #waiting: { readonly text: string; readonly written: PromiseWithResolvers<void> }[] = []
  #writing: Promise<void> | undefined

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  append(line: CarrierLine): Promise<void> {
    const written = Promise.withResolvers<void>()
    this.#waiting.push({ text: `${JSON.stringify(line)}\n`, written })
    this.#writing ??= this.#write()
    return written.promise
  }

  async close(): Promise<void> {
    await this.#writing
    await this.#handle.close()
  }

  async #write(): Promise<void> {
    // Everything of this turn of the event loop leaves in one write.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      const outcome = await this.#handle.appendFile(group.map(({ text }) => text).join('')).then(
        () => undefined,
        (error: unknown) => ({ error }),
      )
      for (const { written } of group) outcome === undefined ? written.resolve() : written.reject(outcome.error)
    }
    this.#writing = undefined
  }
}
