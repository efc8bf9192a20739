import { open, seal } from '../platform/seal.ts'
import type { Random } from '../platform/random.ts'
import type { AccessTokenClaims } from '../signing/access-token.ts'

/**
 * Hides whose account a token is about, for the one place that has to know: ourselves.
 *
 * A client with a pairwise `sub` can read its access token, and would find in it the name that the person has everywhere
 * else. Sealed anew for each token it is no name either: two of the same account cannot be told from two of different ones.
 *
 * @see OpenID Connect Core 1.0 §8.1
 */
export async function sealAccount(
  { account_id, sub }: { readonly account_id: string; readonly sub: string },
  key: Uint8Array,
  random: Random,
): Promise<string | undefined> {
  return account_id === sub ? undefined : seal(account_id, key, contextOf(sub), random)
}

/** The account that a token of ours is about, or undefined for one that is sealed and does not open. */
export async function accountOf(
  { sub, account }: Pick<AccessTokenClaims, 'sub' | 'account'>,
  key: Uint8Array,
): Promise<string | undefined> {
  return account === undefined ? sub : open(account, key, contextOf(sub))
}

function contextOf(sub: string): string {
  return `access token of ${sub}`
}
