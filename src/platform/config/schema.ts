import Type, { type Static, type TSchema } from 'typebox'
import Value from 'typebox/value'

export { type Static, type TSchema, Type }

export type Problem = { readonly key: string; readonly message: string }

/** Fills defaults in where they are missing; needed by hand below a `Type.Record`, whose values the library passes by. */
export const withDefaults = (schema: TSchema, value: unknown): unknown => Value.Default(schema, structuredClone(value))

/** Fills defaults in and checks `value`; every problem names its key as in `policies.code.digits`. */
export const parseBySchema = <S extends TSchema>(
  schema: S,
  value: unknown,
): { readonly value: Static<S> } | { readonly problems: readonly Problem[] } => {
  const filled = withDefaults(schema, value)
  if (Value.Check(schema, filled)) return { value: filled as Static<S> }
  return { problems: Value.Errors(schema, filled).flatMap((error) => problemsOf(error as SchemaError)) }
}

type SchemaError = {
  readonly keyword: string
  readonly instancePath: string
  readonly message: string
  readonly params: Readonly<Record<string, unknown>>
}

const problemsOf = ({ keyword, instancePath, message, params }: SchemaError): readonly Problem[] => {
  const key = instancePath.slice(1).replaceAll('/', '.')
  const below = (name: string) => (key === '' ? name : `${key}.${name}`)
  switch (keyword) {
    case 'required':
      return namesIn(params.requiredProperties).map((name) => ({ key: below(name), message: 'is missing' }))
    case 'additionalProperties':
      return namesIn(params.additionalProperties).map((name) => ({ key: below(name), message: 'is not a known key' }))
    case 'boolean':
      // The same mistake as additionalProperties, said a second time by the checker.
      return []
    default:
      return [{ key: key === '' ? '(the file)' : key, message }]
  }
}

const namesIn = (names: unknown): readonly string[] => (Array.isArray(names) ? names.map(String) : [])
