import { createHmac } from 'node:crypto'

import { base32 } from '../platform/base32.ts'
import { epochSeconds } from '../platform/clock.ts'
import { constantTimeEqual } from '../platform/digest.ts'
import { base64url, fromBase64url } from '../platform/encoding.ts'
import { totpDigits, totpSecretBytes, totpStepsAround, totpStepSeconds } from '../platform/factor-bounds.ts'
import { assert } from '../platform/assert.ts'
import type { Random } from '../platform/random.ts'
import { open, seal } from '../platform/seal.ts'
import { Secret } from '../platform/secret.ts'

/** An authenticator app of an account, as it is stored. */
export interface TotpFactor {
  readonly account_id: string
  readonly factor_id: string
  readonly secret_sealed: string
  /** The newest time step whose code was used. */
  readonly last_step: number
  readonly created_at: number
}

const CODE = /^\d{6}$/

/** A new secret for an authenticator app, in base64url. */
export function makeTotpSecret(random: Random): Secret {
  return new Secret(base64url(random(totpSecretBytes)))
}

/**
 * The time step that a code is right for, or undefined.
 *
 * All steps of the window are computed and compared, whichever is right, so that the time of the answer does not tell
 * how far a clock is off. Which step it was has to be spent by whoever asks: a code that was seen over a shoulder is
 * right for a minute and a half.
 *
 * @see RFC 6238 §5.2 (one step of delay at most; a code is accepted once), RFC 4226 §5.3
 */
export function totpStepOf(code: string, secret: Secret, nowMs: number): number | undefined {
  if (!CODE.test(code)) return undefined
  const key = keyOf(secret)
  const now = Math.floor(epochSeconds(nowMs) / totpStepSeconds)
  const steps = Array.from({ length: 2 * totpStepsAround + 1 }, (_, at) => now - totpStepsAround + at)
  return steps.filter((step) => constantTimeEqual(code, hotp(key, step))).at(-1)
}

/** The code of a counter (RFC 4226 §5.3): HMAC-SHA-1, which authenticator apps take whatever the link says. */
export function hotp(key: Uint8Array, counter: number): string {
  const message = new DataView(new ArrayBuffer(8))
  message.setBigUint64(0, BigInt(counter))
  const digest = createHmac('sha1', key).update(new Uint8Array(message.buffer)).digest()
  const offset = digest.readUInt8(digest.length - 1) & 0x0f
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff
  return String(number % 10 ** totpDigits).padStart(totpDigits, '0')
}

/** The secret as apps take it when it is typed, in groups of four. */
export function typedTotpSecret(secret: Secret): string {
  return (
    base32(keyOf(secret))
      .toUpperCase()
      .match(/.{1,4}/g) ?? []
  ).join(' ')
}

/**
 * The link that an app reads from the QR code. The host of the issuer tells the entries of two deployments apart.
 *
 * @see https://github.com/google/google-authenticator/wiki/Key-Uri-Format
 */
export function totpUri(secret: Secret, email: string, issuer: string): string {
  const { host } = new URL(issuer)
  const query = new URLSearchParams({
    secret: base32(keyOf(secret)).toUpperCase(),
    issuer: host,
    algorithm: 'SHA1',
    digits: String(totpDigits),
    period: String(totpStepSeconds),
  })
  return `otpauth://totp/${encodeURIComponent(host)}:${encodeURIComponent(email)}?${query.toString()}`
}

/** Seals a secret to its account and factor: moved into another row, it does not open. */
export async function sealTotpSecret(
  secret: Secret,
  place: Pick<TotpFactor, 'account_id' | 'factor_id'>,
  key: Uint8Array,
  random: Random,
): Promise<string> {
  return seal(secret.reveal(), key, contextOf(place), random)
}

export async function openTotpSecret(
  factor: Pick<TotpFactor, 'account_id' | 'factor_id' | 'secret_sealed'>,
  key: Uint8Array,
): Promise<Secret | undefined> {
  const text = await open(factor.secret_sealed, key, contextOf(factor))
  return text === undefined ? undefined : new Secret(text)
}

function contextOf({ account_id, factor_id }: Pick<TotpFactor, 'account_id' | 'factor_id'>): string {
  return JSON.stringify(['totp', account_id, factor_id])
}

function keyOf(secret: Secret): Uint8Array {
  const key = fromBase64url(secret.reveal())
  assert(key?.byteLength === totpSecretBytes, 'a secret of an authenticator app has 160 bits')
  return key
}
