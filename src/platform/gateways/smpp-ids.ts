/**
 * Some carriers write a message id in hex when they take a message and in decimal in its receipt, or the other way
 * round (appendix B of SMPP 3.4 wants a decimal number there and has no word for the response's). Read as numbers,
 * both are one id again, whatever their case and their leading zeros.
 *
 * Named after what is to be done with a receipt's id: `hex-to-decimal` for hex in receipts and decimal in responses.
 */
export type ReceiptIds = 'as-is' | 'hex-to-decimal' | 'decimal-to-hex'

/** Of an id as the response to a submit writes it. */
export function idOfResponse(id: string, receiptIds: ReceiptIds): string {
  switch (receiptIds) {
    case 'as-is':
      return id
    case 'hex-to-decimal':
      return inBase(10, id, decimal)
    case 'decimal-to-hex':
      return inBase(16, id, hex)
  }
}

/** Of an id as the text of a receipt writes it. */
export function idOfReceiptText(id: string, receiptIds: ReceiptIds): string {
  switch (receiptIds) {
    case 'as-is':
      return id
    case 'hex-to-decimal':
      return inBase(10, id, hex)
    case 'decimal-to-hex':
      return inBase(16, id, decimal)
  }
}

const decimal = { pattern: /^\d{1,64}$/, prefix: '' }
const hex = { pattern: /^[\da-f]{1,64}$/i, prefix: '0x' }

/** What is no number of that kind stays as it is: it may still match. */
function inBase(base: 10 | 16, id: string, { pattern, prefix }: typeof decimal): string {
  return pattern.test(id) ? BigInt(prefix + id).toString(base) : id
}
