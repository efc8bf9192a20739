import { base64url, utf8 } from '../platform/encoding.ts'
import { passkeyPromptTimeoutMs } from '../platform/factor-bounds.ts'
import type { Account } from './account.ts'

/** A key pair of which the public part is here. */
export interface Passkey {
  readonly credential_id: string
  readonly account_id: string
  /** What its person calls it. */
  readonly name: string
  /** A COSE key in base64url. */
  readonly public_key: string
  readonly counter: number
  readonly created_at: number
  readonly used_at: number | null
}

/** For whom passkeys are made: the host of the issuer, so that no other host can ask for them. */
export interface RelyingParty {
  readonly id: string
  readonly origin: string
}

/** COSE numbers of the algorithms that are taken: EdDSA, ES256, RS256 (Web Authentication Level 3 §5.3). */
export const passkeyAlgorithms: readonly number[] = [-8, -7, -257]

export function relyingPartyOf(issuer: string): RelyingParty {
  return { id: new URL(issuer).hostname, origin: issuer }
}

/**
 * What `navigator.credentials.create` is asked for, in the form of PublicKeyCredentialCreationOptionsJSON.
 *
 * The key has to be discoverable and to check its person, since it will be the whole sign-in. What make it is, is not
 * asked: attestation would tell apart people, and there is no make that is refused here.
 */
export function creationOptions(
  account: Pick<Account, 'account_id' | 'email'>,
  known: readonly Pick<Passkey, 'credential_id'>[],
  challenge: string,
  party: RelyingParty,
) {
  return {
    rp: { id: party.id, name: party.id },
    user: { id: base64url(utf8(account.account_id)), name: account.email, displayName: account.email },
    challenge,
    pubKeyCredParams: passkeyAlgorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout: passkeyPromptTimeoutMs,
    excludeCredentials: known.map(descriptorOf),
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
    },
    attestation: 'none',
  }
}

/** What `navigator.credentials.get` is asked for; without keys to choose from, the browser offers those it knows. */
export function requestOptions(
  allowed: readonly Pick<Passkey, 'credential_id'>[],
  challenge: string,
  party: RelyingParty,
) {
  return {
    rpId: party.id,
    challenge,
    timeout: passkeyPromptTimeoutMs,
    allowCredentials: allowed.map(descriptorOf),
    userVerification: 'required',
  }
}

function descriptorOf({ credential_id }: Pick<Passkey, 'credential_id'>) {
  return { type: 'public-key', id: credential_id }
}
