import type { Client } from '../../clients/client.ts'
import { signedResponseTtlSeconds } from '../../platform/authorization-bounds.ts'
import { epochSeconds } from '../../platform/clock.ts'
import type { KeyRing } from '../../signing/key-ring.ts'
import type { SigningAlg } from '../../signing/signing-key.ts'

export interface ResponseSigningPorts {
  readonly issuer: string
  readonly keyRing: Pick<KeyRing, 'sign'>
}

/**
 * Signs an authorization response for its client.
 *
 * `aud` keeps it from being handed to another client, `iss` tells servers apart (the mix-up attack), and `exp` keeps one
 * that was found in a log from being used later.
 *
 * @see JWT Secured Authorization Response Mode §2.1, §2.4
 */
export async function signResponse(
  parameters: Readonly<Record<string, string | undefined>>,
  client: Client,
  { issuer, keyRing }: ResponseSigningPorts,
  nowMs: number,
): Promise<string> {
  const exp = epochSeconds(nowMs) + signedResponseTtlSeconds
  const claims = { iss: issuer, aud: client.client_id, exp, ...parameters }
  return keyRing.sign(responseAlg(client), 'JWT', claims, nowMs)
}

/** What the client registered; else RS256 as JARM §3 has it, or for FAPI, which does not know it, PS256. */
function responseAlg({ metadata }: Client): SigningAlg {
  return metadata.authorization_signed_response_alg ?? (metadata.profile === 'fapi2' ? 'PS256' : 'RS256')
}
