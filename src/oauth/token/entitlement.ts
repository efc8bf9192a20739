import type { Grant } from '../../grants/grant.ts'
import type { Secret } from '../../platform/secret.ts'

/** What a redeemed grant entitles its client to; tokens are made from nothing else. */
export interface Entitlement {
  readonly client_id: string
  readonly sub: string
  readonly scope: readonly string[]
  /** What ends these tokens early when it is revoked: a grant, or the API key that they were got with. */
  readonly grant_id: string | undefined
  /** No token outlives this; epoch seconds. */
  readonly ends_at: number | undefined
  /** The person behind it, for a grant that has one. */
  readonly authentication: Authentication | undefined
  /** A new refresh token to hand out, when there is one. */
  readonly refresh_token: Secret | undefined
}

/** How and when the person proved who they are. */
export interface Authentication {
  readonly sid: string
  readonly auth_time: number
  readonly amr: readonly string[]
  /** Only the ID token that comes with the code repeats it (OpenID Connect Core §12.2). */
  readonly nonce: string | undefined
}

/** The entitlement of somebody's grant, for all of its scope or for the narrower one asked for. */
export function fromGrant(
  grant: Grant,
  issue: {
    readonly scope: readonly string[]
    readonly nonce: string | undefined
    readonly refresh_token: Secret | undefined
  },
): Entitlement {
  const { client_id, account_id, grant_id, expires_at, sid, auth_time, amr } = grant
  return {
    client_id,
    sub: account_id,
    scope: issue.scope,
    grant_id,
    ends_at: expires_at,
    authentication: { sid, auth_time, amr, nonce: issue.nonce },
    refresh_token: issue.refresh_token,
  }
}
