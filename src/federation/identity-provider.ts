import type { Secret } from '../platform/secret.ts'

/** Another OpenID provider that people may sign in through; this server is a client of it. */
export interface IdentityProvider {
  readonly provider_id: string
  readonly issuer: string
  readonly client_id: string
  readonly client_secret: Secret
  /** What the button says. */
  readonly display_name: string
  readonly scope: string
  /** Whether somebody without an account gets one by signing in through it. */
  readonly makes_accounts: boolean
  readonly created_at: number
  readonly updated_at: number
}

/** Who somebody is there, as far as its signed answer says. `issuer` and `sub` together name them, nothing else does. */
export interface ProviderIdentity {
  readonly issuer: string
  readonly sub: string
  readonly email: string | undefined
  /** Whether the provider has seen that the address is theirs. */
  readonly email_verified: boolean
  readonly name: string | undefined
}
