import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

/** A symbol as an independent reader (ZXing-C++) found it. `]C1` is Code 128 with FNC1 in front: GS1-128. */
export type FoundSymbol = { readonly symbology: string; readonly digits: string }

/** Black on white only, as a scanner at a till reads. The reader's WebAssembly comes from its package, not the network. */
export const readSymbols = async (png: Uint8Array): Promise<readonly FoundSymbol[]> => {
  prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(readFileSync(wasmFile)).buffer } })
  const found = await readBarcodes(png, { tryInvert: false, tryRotate: false, maxNumberOfSymbols: 5 })
  return found.map(({ symbologyIdentifier, bytes }) => ({
    symbology: symbologyIdentifier,
    digits: Buffer.from(bytes).toString('latin1'),
  }))
}

/** Their digits alone. */
export const readBarcodeTexts = async (png: Uint8Array): Promise<readonly string[]> =>
  (await readSymbols(png)).map(({ digits }) => digits)

const wasmFile = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
