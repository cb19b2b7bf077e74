import { createVerify, X509Certificate } from 'node:crypto'
import { textOf } from './callback.ts'

/**
 * Whether a message is Amazon SNS's own
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html). The key comes by a certificate that
 * the message names, so the address of that certificate is where the trust lies: nobody but SNS answers there.
 *
 * @throws what `fetchCertificate` throws: then nothing is known.
 */
export async function isFromSns(message: SnsMessage, { fetchCertificate, now }: SnsTrust): Promise<boolean> {
  const algorithm = algorithms[textOf(message.SignatureVersion)]
  const address = textOf(message.SigningCertURL)
  if (algorithm === undefined || !isSnsAddress(address) || !address.endsWith('.pem')) return false
  const certificate = certificateOf(await fetchCertificate(address))
  if (certificate === undefined || !isValidAt(certificate, now)) return false
  const signature = Buffer.from(textOf(message.Signature), 'base64')
  return createVerify(algorithm).update(signedText(message)).verify(certificate.publicKey, signature)
}

export type SnsMessage = Readonly<Record<string, unknown>>

export type SnsTrust = {
  /** The text of a PEM file from an address of SNS. */
  readonly fetchCertificate: (address: string) => Promise<string>
  readonly now: Date
}

/** 'https://sns.ap-northeast-1.amazonaws.com/…': with no other port and nobody's name in it. */
export function isSnsAddress(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, host, username, password } = new URL(address)
  const isAmazons = /^sns\.[a-z0-9-]{3,}\.amazonaws\.com(?:\.cn)?$/.test(host)
  return protocol === 'https:' && isAmazons && username === '' && password === ''
}

const algorithms: Readonly<Record<string, string | undefined>> = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' }

const signedFields: Readonly<Record<string, readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
}

/** Name and value, each on a line of its own; a field that is not there has no lines. */
function signedText(message: SnsMessage): string {
  return (signedFields[textOf(message.Type)] ?? [])
    .filter((name) => message[name] !== undefined && message[name] !== null)
    .map((name) => `${name}\n${textOf(message[name])}\n`)
    .join('')
}

function certificateOf(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

function isValidAt({ validFromDate, validToDate }: X509Certificate, now: Date): boolean {
  return validFromDate <= now && now <= validToDate
}
