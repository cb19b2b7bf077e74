import { foreignAddresses } from './address.rules.ts'
import { splitIntoParts, textProblem, unitsMax, utf16Units } from './text.rules.ts'

/**
 * May this text go to customers? Asked for every template when the configuration is read, with each placeholder at
 * its longest value: a text that passes here fits its parts and keeps its promises in every message made from it.
 */

export type Template = {
  readonly kind: 'notice' | 'code' | 'receipt'
  /** With placeholders such as {code}. */
  readonly text: string
  /** The longest value that each placeholder can have. */
  readonly longestValues: PlaceholderValues
  readonly companyName: string
  /** Hosts, with a port where it is not the usual one; what lies under a named host is the company's too. */
  readonly allowedHosts: readonly string[]
  readonly partsMax: number
}

const placeholders = ['code', 'company', 'url', 'host', 'minutes', 'receiptNumber'] as const
type Placeholder = (typeof placeholders)[number]
export type PlaceholderValues = { readonly [name in Placeholder]?: string }

export type TemplateProblem =
  | PlaceholderProblem
  | { readonly kind: 'foreign-address' | 'amount-of-money' | 'word-of-dunning'; readonly found: string }
  | { readonly kind: 'company-missing' | 'code-missing' | 'carriage-return' | 'half-character' | 'empty' }
  | { readonly kind: 'too-long'; readonly units: number; readonly unitsMax: number }
  | { readonly kind: 'too-many-parts'; readonly parts: number; readonly partsMax: number }

type PlaceholderProblem =
  | { readonly kind: 'unknown-placeholder' | 'value-missing' | 'value-with-line-break'; readonly name: string }
  | { readonly kind: 'stray-brace' }

export type Rendering =
  | { readonly kind: 'rendered'; readonly text: string }
  | { readonly kind: 'refused'; readonly problems: readonly PlaceholderProblem[] }

/** All problems at once; none means that the template may be used. */
export function checkTemplate(template: Template): readonly TemplateProblem[] {
  const rendering = renderTemplate(template.text, template.longestValues)
  if (rendering.kind === 'refused') return rendering.problems
  const { text } = rendering
  return [
    ...missingParts(template, text),
    ...foreignAddresses(text, template.allowedHosts).map((found) => ({ kind: 'foreign-address' as const, found })),
    ...(template.kind === 'notice' ? harshWords(text) : []),
    ...sizeProblems(text, template.partsMax),
  ]
}

/** Fills in every placeholder, once: what a value contains is never read as a placeholder. */
export function renderTemplate(template: string, values: PlaceholderValues): Rendering {
  const problems: PlaceholderProblem[] = []
  const text = template.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = isPlaceholder(name) ? values[name] : undefined
    if (!isPlaceholder(name)) problems.push({ kind: 'unknown-placeholder', name })
    else if (value === undefined || value === '') problems.push({ kind: 'value-missing', name })
    // A line break in a value could make another line the last one, which binds the code to its site.
    else if (/\p{Cc}|[\u2028\u2029]/u.test(value)) problems.push({ kind: 'value-with-line-break', name })
    return value ?? ''
  })
  if (/[{}]/.test(template.replace(/\{[^{}]*\}/g, ''))) problems.push({ kind: 'stray-brace' })
  return problems.length > 0 ? { kind: 'refused', problems } : { kind: 'rendered', text }
}

function isPlaceholder(name: string): name is Placeholder {
  return placeholders.some((known) => known === name)
}

function missingParts(template: Template, text: string): TemplateProblem[] {
  const problems: TemplateProblem[] = []
  if (!text.includes(template.companyName)) problems.push({ kind: 'company-missing' })
  if (template.kind === 'code' && !template.text.includes('{code}')) problems.push({ kind: 'code-missing' })
  return problems
}

/** A notice may be read by anybody in the house: it says neither how much, nor that somebody owes. */
function harshWords(text: string): TemplateProblem[] {
  const plain = text.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '')
  return [
    ...found(plain, amountOfMoney).map((found) => ({ kind: 'amount-of-money' as const, found })),
    ...found(plain, wordOfDunning).map((found) => ({ kind: 'word-of-dunning' as const, found })),
  ]
}

function found(text: string, pattern: RegExp): string[] {
  return [...new Set(text.match(pattern) ?? [])]
}

const number = String.raw`[\d〇零一二三四五六七八九十百千万億兆壱弐参数何○◯×*][\d,.、〇零一二三四五六七八九十百千万億兆壱弐参数何○◯×*\s]*`

/** After NFKC: 12,345円, 1万円, 二千円, ◯◯円, ¥12,345, 12,345 yen, JPY 12345. 円滑 and the like are no money. */
const amountOfMoney = new RegExp(
  String.raw`${number}(?:円(?![滑満卓熟形])|えん|エン|yen\b|jpy\b)|(?:[¥\\]|\bjpy)\s*\d[\d,.]*`,
  'giu',
)

const wordOfDunning = /督促|滞納|延滞|至急|法的/g

function sizeProblems(text: string, partsMax: number): TemplateProblem[] {
  const problem = textProblem(text)
  if (problem === 'too-long') return [{ kind: problem, units: utf16Units(text), unitsMax }]
  if (problem !== undefined) return [{ kind: problem }]
  const parts = splitIntoParts(text).length
  return parts > partsMax ? [{ kind: 'too-many-parts', parts, partsMax }] : []
}
