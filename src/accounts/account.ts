import type { StandardClaims } from './standard-claims.contract.ts'

/** A person. `account_id` is the `sub` of tokens; `vault_id` names where the grants are kept and tells nobody whose. */
export interface Account {
  readonly account_id: string
  readonly vault_id: string
  readonly email: string
  readonly email_verified: boolean
  readonly claims: StandardClaims
  readonly created_at: number
  readonly updated_at: number
}

/** An account as it is read to let somebody in: what is needed for that besides comes with it. */
export interface GuardedAccount extends Account {
  readonly has_second_factor: boolean
}

/** What userinfo answers: registered claims only, under their registered names. */
export interface UserinfoClaims extends StandardClaims {
  readonly sub: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly updated_at?: number
}

const PROFILE_CLAIMS = [
  'name',
  'family_name',
  'given_name',
  'middle_name',
  'nickname',
  'preferred_username',
  'profile',
  'picture',
  'website',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
] as const

/** The claims that each scope opens, and no others (OpenID Connect Core §5.4). */
export function claimsForScope(account: Account, scopes: readonly string[]): UserinfoClaims {
  const { claims } = account
  return {
    sub: account.account_id,
    ...(scopes.includes('profile') && { ...profileOf(claims), updated_at: account.updated_at }),
    ...(scopes.includes('email') && { email: account.email, email_verified: account.email_verified }),
    ...(scopes.includes('address') && pick(claims, ['address'])),
    ...(scopes.includes('phone') && pick(claims, ['phone_number', 'phone_number_verified'])),
  }
}

/**
 * Writes an address in the one form that it is stored and looked up in.
 *
 * Only A–Z are folded. Unicode folding would turn a letter that merely looks like `k` into `k`, and so let one
 * person's address stand for another's.
 */
export function canonicalEmail(email: string): string {
  return email.trim().replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function profileOf(claims: StandardClaims): StandardClaims {
  return pick(claims, PROFILE_CLAIMS)
}

function pick(claims: StandardClaims, names: readonly (keyof StandardClaims)[]): StandardClaims {
  return Object.fromEntries(
    names.flatMap((name) => (claims[name] === undefined ? [] : [[name, claims[name]]])),
  )
}
