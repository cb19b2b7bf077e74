import { type Db, sql } from '#platform/database/database'
import type { GatewayState } from './gateway-health.rules.ts'

export type GatewayView = {
  readonly gateway: string
  /** How many binds it is to have, and how many are bound. */
  readonly binds: number
  readonly bound: number
  /** The last word about it; none was needed while nothing is known against it. */
  readonly state: GatewayState | undefined
}

/** Every gateway that the workers know of, for people to look at. */
export const listGatewayViews = async (db: Db): Promise<readonly GatewayView[]> => {
  const { rows } = await sql<Omit<GatewayView, 'state'> & { state: GatewayState | null }>`
    select l.gateway, l.binds, l.bound, s.state
    from (
      select gateway, count(*)::int as binds, (count(*) filter (where is_bound))::int as bound
      from gateway_leases group by gateway
    ) l
    left join lateral (
      select state from gateway_states where gateway = l.gateway order by number desc limit 1
    ) s on true
    order by l.gateway`.execute(db)
  return rows.map(({ state, ...view }) => ({ ...view, state: state ?? undefined }))
}
