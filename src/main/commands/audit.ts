import { verifyAudit } from '#audit'
import type { Settings } from '../settings.ts'
import { terminal } from '../terminal.ts'
import { auditSealKey } from '../work.ts'
import { withWorld } from './with-world.ts'

export const verifyAuditCommand = (settings: Settings, { json }: { readonly json?: boolean }): Promise<number> =>
  withWorld(settings, async (world) => {
    const verdict = await verifyAudit(world.db, auditSealKey(world))
    if (json) terminal.json(verdict)
    else if (verdict.kind === 'intact')
      terminal.data(`intact: ${verdict.lines} lines sealed, ${verdict.waiting} waiting, head ${verdict.head}`)
    else
      terminal.data(`broken at ${verdict.position ?? 'no position'}: ${verdict.because}, line ${verdict.lineId ?? '?'}`)
    return verdict.kind === 'intact' ? 0 : 1
  })
