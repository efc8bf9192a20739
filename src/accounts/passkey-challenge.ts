import { epochSeconds } from '../platform/clock.ts'
import { constantTimeEqual, mac128 } from '../platform/digest.ts'
import { base64url, fromBase64url, fromUtf8, utf8 } from '../platform/encoding.ts'
import { passkeyChallengeTtlSeconds } from '../platform/factor-bounds.ts'
import { randomId, type Random } from '../platform/random.ts'

/** What a challenge may be answered for: one purpose, in one browser. */
export interface ChallengeUse {
  readonly purpose: 'register' | 'sign_in' | 'second_factor'
  /** What only that browser has: its form cookie, or the `sid` of its session. */
  readonly holder: string
}

const CHALLENGE = /^(\d{1,12})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{22})$/

/**
 * Makes the challenge that a passkey has to sign, in base64url.
 *
 * Nothing is stored when a page is shown: the challenge carries its expiry and is MACed, and it is written down when it
 * has been answered, so that it is answered once. The MAC covers purpose and browser: an answer that was given to one
 * page is worth nothing on another one, nor in somebody else's hands.
 *
 * @see Web Authentication Level 3 §13.4.3 (cryptographic challenges)
 */
export function issueChallenge(use: ChallengeUse, key: Uint8Array, random: Random, nowMs: number): string {
  const expires_at = epochSeconds(nowMs) + passkeyChallengeTtlSeconds
  const id = randomId(random)
  return base64url(utf8(`${expires_at}.${id}.${macOf(use, expires_at, id, key)}`))
}

/** When a challenge expires, or undefined for one that is not ours, not for this, or too old. */
export function readChallenge(
  challenge: string,
  use: ChallengeUse,
  key: Uint8Array,
  nowMs: number,
): number | undefined {
  const bytes = fromBase64url(challenge)
  const text = bytes === undefined ? undefined : fromUtf8(bytes)
  const [, expiry = '', id = '', mac = ''] = CHALLENGE.exec(text ?? '') ?? []
  const expires_at = Number(expiry)
  if (mac === '' || !constantTimeEqual(mac, macOf(use, expires_at, id, key))) return undefined
  return epochSeconds(nowMs) < expires_at ? expires_at : undefined
}

function macOf({ purpose, holder }: ChallengeUse, expires_at: number, id: string, key: Uint8Array): string {
  return mac128(key, JSON.stringify([purpose, holder, expires_at, id]))
}
