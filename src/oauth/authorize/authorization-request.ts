import type { Client } from '../../clients/client.ts'
import { matchesRedirectUri } from '../../clients/redirect-uri.ts'
import type { Parameters } from '../../http/body.ts'
import { identifierCharactersMax } from '../../platform/bounds.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { AuthorizationFailure, UnverifiedReason } from './authorization-failure.ts'
import { AuthorizeParameters } from './authorize.contract.ts'
import { readHint, type HintPorts } from './id-token-hint.ts'
import {
  findFault,
  requestedMaxAge,
  requestedPrompts,
  requestedScope,
  type Prompt,
} from './request-checks.ts'
import { readRequestStart, type RequestStart } from './request-start.ts'

/** What a verified client asks of a person; nothing in it needs to be checked again. */
export interface AuthorizationRequest {
  readonly client: Client
  readonly redirect_uri: string
  readonly state: string | undefined
  readonly scope: readonly string[]
  readonly code_challenge: string
  readonly nonce: string | null
  readonly prompts: readonly Prompt[]
  readonly max_age: number | undefined
  /** Whom the client expects, from a hint that verified. */
  readonly hinted_account_id: string | undefined
  /** When it first arrived; undefined for a request that has not been at sign-in or consent. */
  readonly start: RequestStart | undefined
  /** As they arrived, to send the request on. */
  readonly parameters: AuthorizeParameters
}

export interface AuthorizationRequestPorts extends HintPorts {
  readonly findClient: (client_id: string, nowMs: number) => Promise<Client | undefined>
  readonly requestMac: Uint8Array
}

/**
 * Reads an authorization request: first whose it is and where its answer goes, then everything else.
 *
 * Until client and redirect URI are verified a failure has no address to be sent to, and must not get one from the request.
 */
export async function readAuthorizationRequest(
  query: Parameters,
  ports: AuthorizationRequestPorts,
  nowMs: number,
): Promise<Result<AuthorizationRequest, AuthorizationFailure>> {
  const parameters = AuthorizeParameters.parse(query)
  const recipient = await verifyRecipient(parameters, ports, nowMs)
  if (!recipient.ok) return recipient
  const { client, redirect_uri } = recipient.value
  const { state, nonce = null, code_challenge = '', id_token_hint } = parameters

  const fault = findFault(parameters, client)
  if (fault !== undefined) return fail({ reason: fault, redirect_uri, state })
  const hinted_account_id =
    id_token_hint === undefined ? undefined : await readHint(id_token_hint, client.client_id, ports, nowMs)
  if (id_token_hint !== undefined && hinted_account_id === undefined) {
    return fail({ reason: 'hint_unverified', redirect_uri, state })
  }
  return ok({
    client,
    redirect_uri,
    state,
    scope: requestedScope(parameters, client),
    code_challenge,
    nonce,
    prompts: requestedPrompts(parameters),
    max_age: requestedMaxAge(parameters),
    hinted_account_id,
    start: readRequestStart(parameters, ports.requestMac, nowMs),
    parameters,
  })
}

/** Finds the client and verifies the redirect URI, which has to be named even where only one is registered. */
async function verifyRecipient(
  { client_id, redirect_uri }: AuthorizeParameters,
  ports: AuthorizationRequestPorts,
  nowMs: number,
): Promise<
  Result<{ readonly client: Client; readonly redirect_uri: string }, { readonly reason: UnverifiedReason }>
> {
  if (client_id === undefined) return fail({ reason: 'client_id_missing' })
  const isPlausible = client_id.length <= identifierCharactersMax
  const client = isPlausible ? await ports.findClient(client_id, nowMs) : undefined
  if (client === undefined) return fail({ reason: 'client_unknown' })
  if (redirect_uri === undefined) return fail({ reason: 'redirect_uri_missing' })
  return matchesRedirectUri(redirect_uri, client.metadata.redirect_uris)
    ? ok({ client, redirect_uri })
    : fail({ reason: 'redirect_uri_unregistered' })
}
