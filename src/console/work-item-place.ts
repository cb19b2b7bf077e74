import type { WorkItemPlace } from '#answers'
import { readPlace } from './list-place.rules.ts'

/** Where a list of work items goes on. */
export const workItemPlace = (text: string | undefined): WorkItemPlace | undefined => {
  const [at, customerId, id] = readPlace(text, ['instant', 'id', 'id']) ?? []
  return at === undefined || customerId === undefined || id === undefined
    ? undefined
    : { at: new Date(at), customerId, id }
}
