import type { Random } from '../platform/random.ts'
import type { Secret } from '../platform/secret.ts'
import { hashPassword, isOutdated } from './password.ts'

export interface PasswordRenewalPorts {
  readonly random: Random
  readonly accounts: {
    /** Does nothing where the hash is no longer the one that was looked up. */
    replaceHash(account_id: string, outdated: string, password_phc: string): Promise<void>
  }
}

/**
 * Hashes a password at today's cost when it was hashed at another. It can be done at a sign-in only, where somebody has
 * just proved that they know it: the hash alone does not lead back to the password. Answers the hash from now on.
 */
export async function renewHash(
  { account_id, password_phc }: { readonly account_id: string; readonly password_phc: string },
  password: Secret,
  { random, accounts }: PasswordRenewalPorts,
): Promise<string> {
  if (!isOutdated(password_phc)) return password_phc
  const renewed = await hashPassword(password, random)
  await accounts.replaceHash(account_id, password_phc, renewed)
  return renewed
}
