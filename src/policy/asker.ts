import type { AccessTokenClaims } from '../signing/access-token.ts'
import { hasScope } from '../signing/bearer.ts'
import type { EntityUid } from './decision.ts'

/** The scope that lets a client ask about anyone. */
export const AUTHORIZE_SCOPE = 'authorize'

/** The entity type of a person with an account; its identifier is the `sub` of that person's tokens. */
const ACCOUNT_TYPE = 'User'

/** What a token tells of who asks. */
type AskerClaims = Pick<AccessTokenClaims, 'sub' | 'client_id' | 'auth_time' | 'sid' | 'scope'>

export type AskerVerdict = 'permitted' | 'principal_forbidden' | 'scope_insufficient'

/**
 * Judges whether the bearer of a token may ask about a principal.
 *
 * Decisions tell who may do what, so a person learns about themselves only, whatever scopes their application was
 * granted: an application could otherwise map out everybody's rights with the token of one user.
 */
export function judgeAsker(claims: AskerClaims, principal: EntityUid): AskerVerdict {
  if (isOfClient(claims)) return hasScope(claims, AUTHORIZE_SCOPE) ? 'permitted' : 'scope_insufficient'
  return principal.type === ACCOUNT_TYPE && principal.id === claims.sub ? 'permitted' : 'principal_forbidden'
}

/**
 * A client that acts for itself is its own subject (RFC 9068 §2.2), and nobody signed in for its token.
 *
 * That there is a grant says nothing: the token of an API key names the key as its grant.
 */
function isOfClient({ sub, client_id, auth_time, sid }: AskerClaims): boolean {
  return sub === client_id && sid === undefined && auth_time === undefined
}
