import { isUuid } from '#values/id'

/** Where something in the timeline comes from. */
export type EventKind =
  | 'case'
  | 'closed'
  | 'message'
  | 'identity'
  | 'visit'
  | 'answer'
  | 'outcome'
  | 'note'
  | 'hold'
  | 'release'
  | 'deposit'
  | 'wish'
  | 'check'
  | 'reveal'
  | 'act'

/** Something that happened, with what its source knows of it. */
export type Event = {
  readonly at: Date
  /** The kind and an id of ours, with a version where it has one: 'answer.0193….2'. */
  readonly key: string
  readonly kind: EventKind
  /** The actor, where there was one: 'customer', 'operator:sato'. */
  readonly by: string | null
  readonly facts: Readonly<Record<string, unknown>>
}

/** A place in the timeline: what comes after it is older. */
export type TimelinePlace = { readonly at: Date; readonly key: string }

/** As it stands in an address: '1795482000000~note.0193…'. There are ids of ours in it and an instant, nothing else. */
export const writePlace = ({ at, key }: TimelinePlace): string => `${at.getTime()}~${key}`

export const readPlace = (text: string | undefined): TimelinePlace | undefined => {
  const [, millis, key] = /^(\d{1,15})~(.{1,80})$/.exec(text ?? '') ?? []
  return key !== undefined && isEventKey(key) ? { at: new Date(Number(millis)), key } : undefined
}

export const isEventKey = (text: string): boolean => {
  const [kind, id, version, ...more] = text.split('.')
  return (
    more.length === 0 &&
    /^[a-z]+$/.test(kind ?? '') &&
    isUuid(id ?? '') &&
    (version === undefined || /^\d{1,9}$/.test(version))
  )
}
