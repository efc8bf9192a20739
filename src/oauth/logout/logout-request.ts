import * as z from 'zod'

import type { Client } from '../../clients/client.ts'
import { matchesRedirectUri } from '../../clients/redirect-uri.ts'
import { identifierCharactersMax, stateCharactersMax } from '../../platform/bounds.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { Secret } from '../../platform/secret.ts'
import { verifyJwt, type VerificationKeys } from '../../signing/jwt.ts'
import { responseUrl } from '../authorize/authorization-response.ts'
import type { LogoutParameters } from './logout.contract.ts'

/** A client's request to sign somebody out, verified. */
export interface LogoutRequest {
  readonly client: Client
  /** What the client knows the person by. */
  readonly sub: string
  /** Where the browser goes afterwards: registered for the client, with the state added. */
  readonly destination: string | undefined
}

export interface LogoutRequestPorts {
  readonly issuer: string
  readonly keyRing: VerificationKeys
  readonly findClient: (client_id: string, nowMs: number) => Promise<Client | undefined>
}

export type LogoutFailure =
  /** Nobody vouches for the request: the person is asked, and stays here afterwards. */
  | { readonly reason: 'hint_missing' }
  | { readonly reason: 'hint_unverified' }
  | { readonly reason: 'client_mismatch' }
  | { readonly reason: 'client_unknown' }
  | { readonly reason: 'redirect_uri_unregistered' }
  | { readonly reason: 'state_too_long' }

const HintClaims = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.string().max(identifierCharactersMax),
})

/**
 * Reads a logout request. The ID token that it hints at says who asks, and for whom.
 *
 * Its expiry does not matter: people stay signed in longer than ID tokens last. One whose key is no longer known may be
 * an old one of ours; it counts as absent, which asks the person instead of turning them away.
 *
 * @see OpenID Connect RP-Initiated Logout 1.0 §2 (hint), §3 (redirection)
 */
export async function readLogoutRequest(
  parameters: LogoutParameters,
  ports: LogoutRequestPorts,
  nowMs: number,
): Promise<Result<LogoutRequest, LogoutFailure>> {
  const { id_token_hint, client_id, post_logout_redirect_uri, state } = parameters
  if (id_token_hint === undefined) return fail({ reason: 'hint_missing' })
  const verified = await verifyJwt(new Secret(id_token_hint), ['jwt', ''], ports.keyRing, nowMs)
  if (!verified.ok) {
    return fail({ reason: verified.failure.reason === 'key_unknown' ? 'hint_missing' : 'hint_unverified' })
  }
  const claims = HintClaims.safeParse(verified.value.claims)
  if (!claims.success || claims.data.iss !== ports.issuer) return fail({ reason: 'hint_unverified' })
  const { aud, sub } = claims.data
  if (client_id !== undefined && client_id !== aud) return fail({ reason: 'client_mismatch' })
  const client = await ports.findClient(aud, nowMs)
  if (client === undefined) return fail({ reason: 'client_unknown' })
  if (state !== undefined && state.length > stateCharactersMax) return fail({ reason: 'state_too_long' })
  if (post_logout_redirect_uri === undefined) return ok({ client, sub, destination: undefined })
  return matchesRedirectUri(post_logout_redirect_uri, client.metadata.post_logout_redirect_uris)
    ? ok({ client, sub, destination: destinationOf(post_logout_redirect_uri, state) })
    : fail({ reason: 'redirect_uri_unregistered' })
}

/** Without a state it is the text that the client registered, to the letter. */
function destinationOf(post_logout_redirect_uri: string, state: string | undefined): string {
  return state === undefined ? post_logout_redirect_uri : responseUrl(post_logout_redirect_uri, { state })
}
