/**
 * The commands of SMPP 3.4 that we speak and their fields (section 4, and 5.3 for the optional ones), in the order of
 * the wire. Lengths are the specification's, in octets, a text's closing zero included.
 */

export type PduFields = {
  readonly system_id?: string
  readonly password?: string
  readonly system_type?: string
  readonly interface_version?: number
  readonly addr_ton?: number
  readonly addr_npi?: number
  readonly address_range?: string
  readonly service_type?: string
  readonly source_addr_ton?: number
  readonly source_addr_npi?: number
  readonly source_addr?: string
  readonly dest_addr_ton?: number
  readonly dest_addr_npi?: number
  readonly destination_addr?: string
  readonly esm_class?: number
  readonly protocol_id?: number
  readonly priority_flag?: number
  readonly schedule_delivery_time?: string
  readonly validity_period?: string
  readonly registered_delivery?: number
  readonly replace_if_present_flag?: number
  readonly data_coding?: number
  readonly sm_default_msg_id?: number
  readonly short_message?: Buffer
  readonly message_id?: string
  readonly receipted_message_id?: string
  readonly user_message_reference?: number
  readonly sar_msg_ref_num?: number
  readonly sar_total_segments?: number
  readonly sar_segment_seqnum?: number
  readonly sc_interface_version?: number
  readonly network_error_code?: Buffer
  readonly message_payload?: Buffer
  readonly message_state?: number
}

export type Field =
  | { readonly name: keyof PduFields; readonly type: 'octet' }
  /** C-octet string: Latin letters and a closing zero. */
  | { readonly name: keyof PduFields; readonly type: 'text'; readonly octetsMax: number }
  /** One octet of length, then so many octets. */
  | { readonly name: keyof PduFields; readonly type: 'octets'; readonly octetsMax: number }

export type OptionalField = {
  readonly name: keyof PduFields
  readonly tag: number
  readonly type: 'text' | 'octet' | 'octetPair' | 'octets'
}

const octet = (name: keyof PduFields): Field => ({ name, type: 'octet' })
const text = (name: keyof PduFields, octetsMax: number): Field => ({ name, type: 'text', octetsMax })

const bindRequest: readonly Field[] = [
  text('system_id', 16),
  text('password', 9),
  text('system_type', 13),
  octet('interface_version'),
  octet('addr_ton'),
  octet('addr_npi'),
  text('address_range', 41),
]

const shortMessage: readonly Field[] = [
  text('service_type', 6),
  octet('source_addr_ton'),
  octet('source_addr_npi'),
  text('source_addr', 21),
  octet('dest_addr_ton'),
  octet('dest_addr_npi'),
  text('destination_addr', 21),
  octet('esm_class'),
  octet('protocol_id'),
  octet('priority_flag'),
  text('schedule_delivery_time', 17),
  text('validity_period', 17),
  octet('registered_delivery'),
  octet('replace_if_present_flag'),
  octet('data_coding'),
  octet('sm_default_msg_id'),
  { name: 'short_message', type: 'octets', octetsMax: 254 },
]

/** Some carriers send receipts by data_sm, whose text is in message_payload. */
const data: readonly Field[] = [
  text('service_type', 6),
  octet('source_addr_ton'),
  octet('source_addr_npi'),
  text('source_addr', 65),
  octet('dest_addr_ton'),
  octet('dest_addr_npi'),
  text('destination_addr', 65),
  octet('esm_class'),
  octet('registered_delivery'),
  octet('data_coding'),
]

const systemId: readonly Field[] = [text('system_id', 16)]
const messageId: readonly Field[] = [text('message_id', 65)]

export const commands = {
  generic_nack: { id: 0x80000000, layout: [] },
  bind_receiver: { id: 0x00000001, layout: bindRequest },
  bind_receiver_resp: { id: 0x80000001, layout: systemId },
  bind_transmitter: { id: 0x00000002, layout: bindRequest },
  bind_transmitter_resp: { id: 0x80000002, layout: systemId },
  submit_sm: { id: 0x00000004, layout: shortMessage },
  submit_sm_resp: { id: 0x80000004, layout: messageId },
  deliver_sm: { id: 0x00000005, layout: shortMessage },
  deliver_sm_resp: { id: 0x80000005, layout: messageId },
  unbind: { id: 0x00000006, layout: [] },
  unbind_resp: { id: 0x80000006, layout: [] },
  bind_transceiver: { id: 0x00000009, layout: bindRequest },
  bind_transceiver_resp: { id: 0x80000009, layout: systemId },
  enquire_link: { id: 0x00000015, layout: [] },
  enquire_link_resp: { id: 0x80000015, layout: [] },
  data_sm: { id: 0x00000103, layout: data },
  data_sm_resp: { id: 0x80000103, layout: messageId },
} as const satisfies Record<string, { readonly id: number; readonly layout: readonly Field[] }>

export type Command = keyof typeof commands

export const commandById: ReadonlyMap<number, Command> = new Map(
  (Object.keys(commands) as Command[]).map((command) => [commands[command].id, command]),
)

/** SMPP 3.4, 5.3.2. */
export const optionalFields: readonly OptionalField[] = [
  { name: 'receipted_message_id', tag: 0x001e, type: 'text' },
  { name: 'user_message_reference', tag: 0x0204, type: 'octetPair' },
  { name: 'sar_msg_ref_num', tag: 0x020c, type: 'octetPair' },
  { name: 'sar_total_segments', tag: 0x020e, type: 'octet' },
  { name: 'sar_segment_seqnum', tag: 0x020f, type: 'octet' },
  { name: 'sc_interface_version', tag: 0x0210, type: 'octet' },
  { name: 'network_error_code', tag: 0x0423, type: 'octets' },
  { name: 'message_payload', tag: 0x0424, type: 'octets' },
  { name: 'message_state', tag: 0x0427, type: 'octet' },
]

export const optionalFieldByTag: ReadonlyMap<number, OptionalField> = new Map(
  optionalFields.map((field) => [field.tag, field]),
)
