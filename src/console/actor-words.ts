import type { Actor } from '#audit'

/** The names of operators by their subject, as the provider called them when they last signed in. */
export type OperatorNames = ReadonlyMap<string, string>

/** Who did it, as people call them. */
export const actorWords = (actor: Actor, names: OperatorNames): string => {
  if (actor === 'customer') return 'お客様'
  if (actor === 'system') return '自動'
  const subject = actor.slice(actor.indexOf(':') + 1)
  return actor.startsWith('cli:') ? `${subject}（コマンド）` : (names.get(subject) ?? subject)
}
