import type { PduFields } from '#platform/gateways/smpp-pdu'
import { receiptTime } from '#platform/gateways/smpp-time'

export type CarrierReceipt = {
  readonly id: string
  /** Of the message's submit. */
  readonly key: string
  readonly to: string
  readonly from: string
  readonly state: 'delivered' | 'expired' | 'undeliverable' | 'enroute'
  readonly submittedAt: Date
  readonly doneAt: Date
  readonly reference?: number
  /** Which of a message's receipts this is, from 0. */
  readonly copy: number
}

/** The text of SMPP 3.4, appendix B, and the same in TLVs; without an excerpt of the message. */
export function fieldsOf({ id, to, from, state, submittedAt, doneAt, reference }: CarrierReceipt): PduFields {
  const { stat, number, err, dlvrd, esmClass } = words[state]
  const dates = `submit date:${receiptTime(submittedAt)} done date:${receiptTime(doneAt)}`
  return {
    source_addr_ton: 1,
    source_addr_npi: 1,
    source_addr: `81${to.slice(1)}`,
    destination_addr: from,
    esm_class: esmClass,
    short_message: Buffer.from(`id:${id} sub:001 dlvrd:${dlvrd} ${dates} stat:${stat} err:${err} text:`, 'latin1'),
    receipted_message_id: id,
    message_state: number,
    ...(reference === undefined ? {} : { user_message_reference: reference }),
  }
}

/** esm_class: 0x04 a receipt, 0x20 an intermediate notification (SMPP 3.4, 5.2.12). */
const words = {
  delivered: { stat: 'DELIVRD', number: 2, err: '000', dlvrd: '001', esmClass: 0x04 },
  expired: { stat: 'EXPIRED', number: 3, err: '002', dlvrd: '000', esmClass: 0x04 },
  undeliverable: { stat: 'UNDELIV', number: 5, err: '001', dlvrd: '000', esmClass: 0x04 },
  enroute: { stat: 'ENROUTE', number: 1, err: '000', dlvrd: '000', esmClass: 0x20 },
} as const
