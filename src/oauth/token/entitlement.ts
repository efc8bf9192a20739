import type { Grant } from '../../grants/grant.ts'
import type { Secret } from '../../platform/secret.ts'
import type { AccessTokenClaims } from '../../signing/access-token.ts'

/** What a redeemed grant entitles its client to; tokens are made from nothing else. */
export interface Entitlement {
  readonly client_id: string
  readonly sub: string
  readonly scope: readonly string[]
  /** The resources that its access token is for (RFC 8707 §2.2); for none, it is for this gateway. */
  readonly audience: readonly string[]
  /** Thumbprint of the key without whose proof the access token is worth nothing (RFC 9449 §6), if any. */
  readonly dpop_jkt: string | undefined
  /** What ends these tokens early when it is revoked: a grant, or the API key that they were got with. */
  readonly grant_id: string | undefined
  /** No token outlives this; epoch seconds. */
  readonly ends_at: number | undefined
  /** What a token that was exchanged for another says on its behalf (RFC 8693). */
  readonly carried?: CarriedClaims
  /** The person behind it, for a grant that has one. */
  readonly authentication: Authentication | undefined
  /** A new refresh token to hand out, when there is one. */
  readonly refresh_token: Secret | undefined
}

/** Claims that go over unchanged from a subject token, so that an exchange can raise none of them; and who acts now. */
export type CarriedClaims = Pick<
  AccessTokenClaims,
  'auth_time' | 'acr' | 'sid' | 'account' | 'userinfo_claims' | 'act'
>

/** How and when the person proved who they are. */
export interface Authentication {
  readonly account_id: string
  readonly sid: string
  readonly auth_time: number
  readonly amr: readonly string[]
  /** Only the ID token that comes with the code repeats it (OpenID Connect Core §12.2). */
  readonly nonce: string | undefined
  /** The `claims` parameter of the authorization request, as the grant keeps it. */
  readonly claims: string | null
}

/** The entitlement of somebody's grant, for all of its scope or for the narrower one asked for. */
export function fromGrant(
  grant: Grant,
  issue: {
    readonly scope: readonly string[]
    readonly audience: readonly string[]
    readonly dpop_jkt: string | undefined
    readonly nonce: string | undefined
    readonly refresh_token: Secret | undefined
  },
): Entitlement {
  const { client_id, sub, account_id, grant_id, expires_at, sid, auth_time, amr, claims } = grant
  const { scope, audience, dpop_jkt, nonce, refresh_token } = issue
  return {
    client_id,
    sub,
    scope,
    audience,
    dpop_jkt,
    grant_id,
    ends_at: expires_at,
    authentication: { account_id, sid, auth_time, amr, nonce, claims },
    refresh_token,
  }
}
