import { readChallenge, type ChallengeUse } from '../../accounts/passkey-challenge.ts'
import type { Assertion } from '../../accounts/passkey.contract.ts'
import { readAssertion, verifyAssertion, type PasskeyFailure } from '../../accounts/passkey-verification.ts'
import type { Passkey, RelyingParty } from '../../accounts/passkey.ts'
import { base64url, utf8 } from '../../platform/encoding.ts'
import { fail, ok, type Result } from '../../platform/result.ts'

export interface PasskeyPorts {
  readonly party: RelyingParty
  readonly passkeyMac: Uint8Array
  readonly passkeys: {
    find(credential_id: string): Promise<Passkey | undefined>
    use(credential_id: string, counter: number, nowMs: number): Promise<boolean>
    spendChallenge(challenge: string, expires_at: number): Promise<boolean>
  }
}

/** For what a passkey is asked; with an account that is known already, only a passkey of its own will do. */
export interface PasskeyUse extends ChallengeUse {
  readonly account_id: string | undefined
}

/** What a passkey proves: that its holder is here and was checked by it (RFC 8176 §2: pop, user), two factors in one. */
export const passkeyAmr = ['pop', 'user', 'mfa'] as const

/**
 * Finds out whose passkey has answered a challenge.
 *
 * The challenge is spent last of all: an answer that is refused for anything else spends nothing. The counter moves in
 * the statement that compares it, so that of a key and its copy one is noticed.
 *
 * @see Web Authentication Level 3 §7.2
 */
export async function authenticateByPasskey(
  text: string,
  use: PasskeyUse,
  ports: PasskeyPorts,
  nowMs: number,
): Promise<Result<Passkey, PasskeyFailure>> {
  const presented = readAssertion(text)
  if (!presented.ok) return presented
  const { credential, challenge } = presented.value
  const expires_at = readChallenge(challenge, use, ports.passkeyMac, nowMs)
  if (expires_at === undefined) return fail({ reason: 'challenge_unknown' })
  const passkey = await ports.passkeys.find(credential.id)
  if (passkey === undefined || !isHolders(passkey, credential, use))
    return fail({ reason: 'passkey_unknown' })
  const verified = await verifyAssertion(presented.value, passkey, ports.party)
  if (!verified.ok) return verified
  const isFirst = await ports.passkeys.spendChallenge(challenge, expires_at)
  if (!isFirst) return fail({ reason: 'challenge_unknown' })
  const hasGrown = await ports.passkeys.use(passkey.credential_id, verified.value.counter, nowMs)
  return hasGrown ? ok(passkey) : fail({ reason: 'passkey_cloned' })
}

/** Where the passkey says by itself who signs in, it has to name the person that it was made for. */
function isHolders({ account_id }: Passkey, { response }: Assertion, use: PasskeyUse): boolean {
  if (use.account_id !== undefined) return use.account_id === account_id
  return response.userHandle === base64url(utf8(account_id))
}
