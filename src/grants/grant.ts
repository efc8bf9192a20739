/** Everything that a code, and the grant behind it, is bound to. */
export interface Bindings {
  readonly client_id: string
  readonly redirect_uri: string
  /** The S256 challenge (RFC 7636 §4.2); no code is issued without one. */
  readonly code_challenge: string
  readonly account_id: string
  readonly sid: string
  readonly scope: string
  readonly nonce: string | null
  readonly auth_time: number
  readonly amr: readonly string[]
  readonly resource: readonly string[]
}

/** What one person allowed one client, from their consent until it ends, expires or is revoked. */
export interface Grant {
  readonly grant_id: string
  readonly client_id: string
  readonly account_id: string
  readonly sid: string
  readonly scope: string
  readonly nonce: string | null
  readonly auth_time: number
  readonly amr: readonly string[]
  readonly resource: readonly string[]
  readonly created_at: number
  readonly expires_at: number
}

/** The part of the bindings that is kept beside a one-time value; what its kind does not bind is null. */
export interface Bound {
  readonly client_id: string
  readonly redirect_uri: string | null
  readonly code_challenge: string | null
}

/** What somebody presents with a one-time value. The kind says what must be there, so that nothing can be left out. */
export type Presented =
  | {
      readonly kind: 'code'
      readonly client_id: string
      readonly redirect_uri: string
      /** Computed from the presented verifier. */
      readonly code_challenge: string
    }
  | { readonly kind: 'refresh_token'; readonly client_id: string }

export type BindingMismatch =
  | { readonly reason: 'client_mismatch' }
  | { readonly reason: 'redirect_uri_mismatch' }
  | { readonly reason: 'verifier_mismatch' }

/**
 * Compares what was presented with what was bound. It is the only place that does, so a new binding is
 * added here or is not compared at all.
 *
 * A code without a stored challenge never matches: skipping the comparison where either side is missing is how
 * PKCE was stepped around elsewhere (CVE-2025-4144).
 *
 * @see RFC 6749 §4.1.3 (client and redirect URI)
 * @see RFC 7636 §4.6 (verifier)
 */
export function findMismatch(bound: Bound, presented: Presented): BindingMismatch | undefined {
  if (bound.client_id !== presented.client_id) return { reason: 'client_mismatch' }
  switch (presented.kind) {
    case 'code':
      if (presented.redirect_uri !== bound.redirect_uri) return { reason: 'redirect_uri_mismatch' }
      return presented.code_challenge === bound.code_challenge ? undefined : { reason: 'verifier_mismatch' }
    case 'refresh_token':
      return undefined
  }
}
