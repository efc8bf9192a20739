import { fromBase64url, fromUtf8 } from '../platform/encoding.ts'
import { errorText } from '../platform/log.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import {
  AssertionSchema,
  ClientDataSchema,
  RegistrationSchema,
  type Assertion,
  type Registration,
} from './passkey.contract.ts'
import { passkeyAlgorithms, type Passkey, type RelyingParty } from './passkey.ts'

export type PasskeyFailure =
  | { readonly reason: 'credential_malformed' }
  /** An answer to a challenge that is not ours, not for this, too old, or answered already. */
  | { readonly reason: 'challenge_unknown' }
  | { readonly reason: 'passkey_unknown' }
  | { readonly reason: 'passkey_unverified'; readonly cause: string }
  /** The counter went back: there is a copy of the key (Web Authentication Level 3 §6.1.1). */
  | { readonly reason: 'passkey_cloned' }

/** What a browser brought, as far as it can be read before anything is verified. */
export interface Presented<T> {
  readonly credential: T
  readonly challenge: string
}

export function readRegistration(text: string): Result<Presented<Registration>, PasskeyFailure> {
  const credential = RegistrationSchema.safeParse(parsed(text))
  return credential.success ? withChallenge(credential.data) : fail({ reason: 'credential_malformed' })
}

export function readAssertion(text: string): Result<Presented<Assertion>, PasskeyFailure> {
  const credential = AssertionSchema.safeParse(parsed(text))
  return credential.success ? withChallenge(credential.data) : fail({ reason: 'credential_malformed' })
}

/**
 * Verifies what was made: for this host, at our origin, for this challenge, by somebody who was checked.
 *
 * An attestation that comes with certificates is refused, although it may be true. Nobody asked for it, and reading it
 * would have this server fetch revocation lists from addresses that the sender writes into a certificate.
 *
 * @see Web Authentication Level 3 §7.1
 */
export async function verifyRegistration(
  { credential, challenge }: Presented<Registration>,
  party: RelyingParty,
): Promise<Result<Pick<Passkey, 'credential_id' | 'public_key' | 'counter'>, PasskeyFailure>> {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  const { decodeAttestationObject, isoBase64URL } = await import('@simplewebauthn/server/helpers')
  return attempt(async () => {
    const attestation = decodeAttestationObject(
      isoBase64URL.toBuffer(credential.response.attestationObject, 'base64url'),
    )
    const hasCertificates = attestation.get('attStmt').get('x5c') !== undefined
    if (hasCertificates || !['none', 'packed'].includes(attestation.get('fmt'))) return undefined
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { ...credential, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserPresence: true,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...passkeyAlgorithms],
    })
    if (!verified || registrationInfo.credential.id !== credential.id) return undefined
    const { id, publicKey, counter } = registrationInfo.credential
    return { credential_id: id, public_key: isoBase64URL.fromBuffer(publicKey), counter }
  })
}

/**
 * Verifies an answer with the passkey that it names, and answers the counter that came with it.
 *
 * @see Web Authentication Level 3 §7.2
 */
export async function verifyAssertion(
  { credential, challenge }: Presented<Assertion>,
  passkey: Passkey,
  party: RelyingParty,
): Promise<Result<{ readonly counter: number }, PasskeyFailure>> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  const { id, rawId, type, response } = credential
  const { userHandle: _, ...signed } = response
  return attempt(async () => {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { id, rawId, type, response: signed, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      // The counter is compared where it is stored, in the statement that moves it.
      credential: {
        id: passkey.credential_id,
        publicKey: new Uint8Array(fromBase64url(passkey.public_key) ?? []),
        counter: 0,
      },
    })
    return verified ? { counter: authenticationInfo.newCounter } : undefined
  })
}

/** The library throws where an answer is wrong; what it says goes to the log and never to the page. */
async function attempt<T>(verify: () => Promise<T | undefined>): Promise<Result<T, PasskeyFailure>> {
  try {
    const value = await verify()
    return value === undefined ? unverified('refused') : ok(value)
  } catch (error) {
    return unverified(errorText(error))
  }
}

function unverified(cause: string) {
  return fail({ reason: 'passkey_unverified', cause } as const)
}

/**
 * Reads the challenge that the browser says it answers. Whether it is ours is for whoever issued it to say; whether it
 * is what was signed, for the verification, which is given the same text.
 */
function withChallenge<T extends Registration | Assertion>(
  credential: T,
): Result<Presented<T>, PasskeyFailure> {
  const bytes = fromBase64url(credential.response.clientDataJSON)
  const saidByBrowser = ClientDataSchema.safeParse(parsed((bytes && fromUtf8(bytes)) ?? ''))
  if (!saidByBrowser.success) return fail({ reason: 'credential_malformed' })
  // A page that frames ours would be asking in our name (Web Authentication Level 3 §13.4.8); pages are never framed.
  if (saidByBrowser.data.crossOrigin) return unverified('cross-origin')
  return ok({ credential, challenge: saidByBrowser.data.challenge })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
