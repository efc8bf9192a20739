/** Everything that a code, and the grant behind it, is bound to. */
export interface Bindings {
  readonly client_id: string
  readonly redirect_uri: string
  /** The S256 challenge (RFC 7636 §4.2); null only for a client that may leave it out, and then no verifier fits. */
  readonly code_challenge: string | null
  readonly account_id: string
  /** What the client knows the person by: the account's identifier, or a name that only its sector knows. */
  readonly sub: string
  readonly sid: string
  readonly scope: string
  readonly nonce: string | null
  readonly auth_time: number
  readonly amr: readonly string[]
  readonly resource: readonly string[]
  /** The `claims` parameter as it was asked for (OpenID Connect Core §5.5), checked and in one spelling, or null. */
  readonly claims: string | null
  /** Thumbprint of the only key that may redeem the code (RFC 9449 §10), or null when any client that has the code may. */
  readonly dpop_jkt: string | null
}

/** What one person allowed one client, from their consent until it ends, expires or is revoked. */
export interface Grant {
  readonly grant_id: string
  readonly client_id: string
  readonly account_id: string
  readonly sub: string
  readonly sid: string
  readonly scope: string
  readonly nonce: string | null
  readonly auth_time: number
  readonly amr: readonly string[]
  readonly resource: readonly string[]
  readonly claims: string | null
  readonly created_at: number
  readonly expires_at: number
}

/** The part of the bindings that is kept beside a one-time value; what its kind does not bind is null. */
export interface Bound {
  /** Null for what belongs to a key and to no client in particular. */
  readonly client_id: string | null
  readonly redirect_uri: string | null
  readonly code_challenge: string | null
  /** Thumbprint of the key whose proof must come with it (RFC 9449 §5, §10); null where no key was named. */
  readonly dpop_jkt: string | null
}

/** What somebody presents with a one-time value. The kind says what must be there, so that nothing can be left out. */
export type Presented =
  | {
      readonly kind: 'code'
      readonly client_id: string
      readonly redirect_uri: string
      /** Computed from the presented verifier; null when there was none. */
      readonly code_challenge: string | null
      /** Thumbprint of the key that the request has proved to hold, or null. */
      readonly dpop_jkt: string | null
    }
  | {
      readonly kind: 'refresh_token' | 'device_code'
      readonly client_id: string
      readonly dpop_jkt: string | null
    }
  | {
      readonly kind: 'pushed_request' | 'user_code' | 'assertion'
      readonly client_id: string
      readonly dpop_jkt: null
    }
  /** The `jti` of a proof is its key's, whichever client holds that key (RFC 9449 §11.1). */
  | { readonly kind: 'proof'; readonly client_id: null; readonly dpop_jkt: string }

export type BindingMismatch =
  | { readonly reason: 'client_mismatch' }
  | { readonly reason: 'redirect_uri_mismatch' }
  | { readonly reason: 'verifier_mismatch' }
  | { readonly reason: 'proof_key_mismatch' }

/**
 * Compares what was presented with what was bound. It is the only place that does, so a new binding is
 * added here or is not compared at all.
 *
 * Challenge and verifier are both there and fit, or neither is there. Skipping the comparison where one side is missing is
 * how PKCE was stepped around elsewhere (CVE-2025-4144), and a code without a challenge that takes any verifier would
 * let its thief hide that the challenge was removed (RFC 9700 §4.8.2).
 * A value that no key was named for may come with any proof, which then binds what is issued for it.
 *
 * @see RFC 6749 §4.1.3 (client and redirect URI)
 * @see RFC 7636 §4.6 (verifier)
 * @see RFC 9449 §5 (refresh tokens of public clients), §10 (codes)
 */
export function findMismatch(bound: Bound, presented: Presented): BindingMismatch | undefined {
  if (bound.client_id !== presented.client_id) return { reason: 'client_mismatch' }
  if (bound.dpop_jkt !== null && bound.dpop_jkt !== presented.dpop_jkt)
    return { reason: 'proof_key_mismatch' }
  switch (presented.kind) {
    case 'code':
      if (presented.redirect_uri !== bound.redirect_uri) return { reason: 'redirect_uri_mismatch' }
      return presented.code_challenge === bound.code_challenge ? undefined : { reason: 'verifier_mismatch' }
    case 'refresh_token':
    case 'device_code':
    case 'pushed_request':
    case 'user_code':
    case 'assertion':
    case 'proof':
      return undefined
  }
}
