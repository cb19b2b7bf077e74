import { sql } from '#platform/database/database'

/**
 * The columns of an audit line `l` as the text that is sealed. PostgreSQL prints a jsonb value in one way whatever was
 * put in, and an instant is printed to its microsecond, of which a JavaScript Date knows only the thousands.
 */
export const lineColumns = sql`
  l.id, to_char(l.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, l.actor, l.act,
  l.customer_id as "customerId", l.facts::text as facts`
