import { Fault } from '#platform/fault'
import { openAws } from '#platform/gateways/aws'
import { awsCallback } from '#platform/gateways/aws-callback'
import { callbackBytesMax, type HandOn, type ReceiptCallback } from '#platform/gateways/callback'
import type { Gateway } from '#platform/gateways/gateway'
import { type GatewayConfig, type GatewaysFile, readGatewaysFile } from '#platform/gateways/gateways-file'
import { openKannel } from '#platform/gateways/kannel'
import { kannelCallback } from '#platform/gateways/kannel-callback'
import { openSmppSession } from '#platform/gateways/smpp-session'
import { openTwilio } from '#platform/gateways/twilio'
import { twilioCallback } from '#platform/gateways/twilio-callback'
import { openVonage } from '#platform/gateways/vonage'
import { vonageCallback } from '#platform/gateways/vonage-callback'
import type { Route } from '#platform/http/http'
import { type CarriersPlan, onlyGateway } from './carriers.ts'
import type { Settings } from './settings.ts'
import type { World } from './world.ts'

/** Where this deployment's messages go. Fault `setting-invalid` when nothing says so. */
export const planGateways = async (world: World): Promise<CarriersPlan> => {
  const { settings, creditor, clock } = world
  const file = await findGateways(settings)
  if (file !== undefined)
    return {
      routes: file.routes,
      gateways: file.gateways.map((config) => ({ ...config, open: () => openGateway(config, world) })),
    }
  const { smpp } = settings
  if (smpp === undefined)
    throw new Fault(
      'setting-invalid',
      'ANNAI_GATEWAYS must name the file of the carriers, or ANNAI_SMPP_URL one carrier: smpp://systemId:password@host:port',
    )
  const { ratePerSecond, windowMax } = creditor.policies.messages
  const open = () => openSmppSession({ ...smpp, windowMax, validityFrom: () => clock.now() })
  return onlyGateway({ name: smpp.host, binds: 1, ratePerSecond, open })
}

export const findGateways = async ({ gatewaysFile }: Settings): Promise<GatewaysFile | undefined> =>
  gatewaysFile === undefined ? undefined : readGatewaysFile(gatewaysFile, process.env)

/** Where a carrier that speaks HTTP brings its receipts, unless the file says otherwise. */
const callbackPath = (name: string): string => `/receipts/${name}`

const openGateway = ({ name, kind, account, windowMax }: GatewayConfig, { clock, creditor }: World): Gateway => {
  const now = () => clock.now()
  const callbackUrl = `${new URL(creditor.siteAddress).origin}${callbackPath(name)}`
  switch (kind) {
    case 'smpp': {
      const { validity, ...options } = account
      return openSmppSession({ ...options, windowMax, ...(validity === 'relative' && { validityFrom: now }) })
    }
    case 'twilio':
      return openTwilio({ callbackUrl, ...account, windowMax, now })
    case 'aws':
      return openAws({ ...account, windowMax, now })
    case 'vonage':
      return openVonage({ callbackUrl, ...account, windowMax, now })
    case 'kannel':
      return openKannel({ callbackUrl, ...account, windowMax, now })
  }
}

/** The entrances of carriers that bring receipts over HTTP: signed, and answered only when the receipt is stored. */
export const receiptRoutes = async (
  { settings, clock }: World,
  keep: (gateway: string) => HandOn,
): Promise<readonly Route[]> => {
  const file = await findGateways(settings)
  return (file?.gateways ?? []).flatMap((config): readonly Route[] => {
    const callback = callbackOf(config, keep(config.name), () => clock.now())
    if (callback === undefined) return []
    const method = config.kind === 'kannel' ? 'GET' : 'POST'
    return [
      {
        kind: 'callback',
        path: callbackPath(config.name),
        who: 'carrier',
        method,
        bodyMax: callbackBytesMax,
        answer: (called) => callback.handle(called),
      },
    ]
  })
}

const callbackOf = ({ kind, account }: GatewayConfig, handOn: HandOn, now: () => Date): ReceiptCallback | undefined => {
  switch (kind) {
    case 'smpp':
      return undefined
    case 'twilio':
      return twilioCallback(account, handOn)
    case 'aws':
      return awsCallback({ ...account, now }, handOn)
    case 'vonage':
      return vonageCallback(account, handOn)
    case 'kannel':
      return kannelCallback(account, handOn)
  }
}
