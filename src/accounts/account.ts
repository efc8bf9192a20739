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

/**
 * Writes an address in the one form that it is stored and looked up in.
 *
 * Only A–Z are folded. Unicode folding would turn a letter that merely looks like `k` into `k`, and so let one
 * person's address stand for another's.
 */
export function canonicalEmail(email: string): string {
  return email.trim().replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}
