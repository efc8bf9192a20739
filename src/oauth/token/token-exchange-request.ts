import { isConfidential, type Client } from '../../clients/client.ts'
import { parseScope } from '../../grants/scope.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { Secret } from '../../platform/secret.ts'
import type { TokenParameters } from './token.contract.ts'
import type { GrantRequestFailure } from './token-failure.ts'

export const tokenExchangeGrantType = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** The only kind of token that is taken and given: a refresh token or an ID token says nothing of what it may be used for. */
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'

/** Our access tokens are JWTs, and some clients say that of them (RFC 8693 §3). */
const jwtType = 'urn:ietf:params:oauth:token-type:jwt'

export interface TokenExchangeRequest {
  readonly grant_type: typeof tokenExchangeGrantType
  readonly subject_token: Secret
  readonly actor_token: Secret | undefined
  /** Null when nothing narrower was asked for; so below. */
  readonly scope: readonly string[] | null
  readonly resource: readonly string[] | null
}

/**
 * Reads a token exchange, whose tokens are verified later.
 *
 * Public clients may not exchange: whoever found a token of theirs could otherwise make others of it, as nobody.
 *
 * @see RFC 8693 §2.1
 */
export function readExchangeRequest(
  parameters: TokenParameters,
  client: Client,
): Result<TokenExchangeRequest, GrantRequestFailure> {
  if (!isConfidential(client)) return fail({ reason: 'client_public' })
  const { subject_token, subject_token_type, actor_token, actor_token_type } = parameters
  if (subject_token === undefined) return fail({ reason: 'parameter_missing', name: 'subject_token' })
  if (subject_token_type === undefined) {
    return fail({ reason: 'parameter_missing', name: 'subject_token_type' })
  }
  if ((actor_token === undefined) !== (actor_token_type === undefined)) {
    return fail({ reason: 'actor_incomplete' })
  }
  const wrongType = findWrongType(parameters)
  if (wrongType !== undefined) return fail({ reason: 'token_type_unsupported', name: wrongType })
  const scope = parameters.scope === undefined ? undefined : parseScope(parameters.scope)
  if (scope?.ok === false) return scope
  return ok({
    grant_type: tokenExchangeGrantType,
    subject_token: new Secret(subject_token),
    actor_token: actor_token === undefined ? undefined : new Secret(actor_token),
    scope: scope?.value ?? null,
    resource: requestedTargets(parameters),
  })
}

/** `audience` may name a target as well (RFC 8693 §2.1); here both are identifiers of resources. */
function requestedTargets({ resource = [], audience = [] }: TokenParameters): readonly string[] | null {
  const targets = [...new Set([...resource, ...audience])]
  return targets.length === 0 ? null : targets
}

function findWrongType(parameters: TokenParameters): string | undefined {
  const { subject_token_type, actor_token_type, requested_token_type } = parameters
  if (!isOurType(subject_token_type)) return 'subject_token_type'
  if (actor_token_type !== undefined && !isOurType(actor_token_type)) return 'actor_token_type'
  const isOther = requested_token_type !== undefined && requested_token_type !== accessTokenType
  return isOther ? 'requested_token_type' : undefined
}

function isOurType(type: string | undefined): boolean {
  return type === accessTokenType || type === jwtType
}
