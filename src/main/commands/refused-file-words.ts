import { type CsvRefused, sayCsvProblem, sayProblem, type ZenginProblem } from '#intake'

/** A file that nothing was taken from, whatever it was meant to be. */
export type RefusedFile =
  | CsvRefused
  | { readonly kind: 'malformed'; readonly problems: readonly ZenginProblem[]; readonly furtherProblems: number }
  | { readonly kind: 'not-text'; readonly because: string }

/** What a wrong header is told to be none of. */
type Meant = 'a customer file' | 'a report of convenience-store payments' | 'a list of accounts'

/** Line by line, what is wrong with it. */
export const wordsOfRefused = (file: string, refused: RefusedFile, meant: Meant): readonly string[] => {
  switch (refused.kind) {
    case 'malformed':
      return listed(
        refused.problems.map((problem) => `${file}, ${sayProblem(problem)}`),
        refused.furtherProblems,
      )
    case 'wrong-rows':
      return listed(
        refused.problems.map((problem) => `${file}, ${sayCsvProblem(problem)}`),
        refused.furtherProblems,
      )
    case 'not-text':
      return [`${file}: this is no text that can be read (${refused.because}). Nothing has changed.`]
    case 'empty':
      return [`${file}: the file is empty. Nothing has changed.`]
    case 'wrong-header': {
      const wrong = [
        ...named('missing', refused.missing),
        ...named('unknown', refused.unknown),
        ...named('twice', refused.doubled),
      ]
      return [`${file}: the header is not that of ${meant}: ${wrong.join('; ')}. Nothing has changed.`]
    }
    case 'broken-csv':
      return [`${file}, line ${refused.line}: ${refused.because}. Nothing has changed.`]
  }
}

const listed = (problems: readonly string[], furtherProblems: number): readonly string[] => [
  ...problems,
  ...(furtherProblems > 0 ? [`and ${furtherProblems} more problems`] : []),
  'Nothing has changed.',
]

const named = (what: string, names: readonly string[]): readonly string[] =>
  names.length > 0 ? [`${what}: ${names.join(', ')}`] : []
