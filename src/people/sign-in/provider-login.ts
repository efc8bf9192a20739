import type { Account } from '../../accounts/account.ts'
import type { IdentityProvider, ProviderIdentity } from '../../federation/identity-provider.ts'
import { epochSeconds } from '../../platform/clock.ts'
import { randomId, randomSecret, type Random } from '../../platform/random.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { Secret } from '../../platform/secret.ts'
import { canonicalEmail } from '../../accounts/account.ts'

export interface IdentityPorts {
  readonly random: Random
  readonly accounts: {
    findByEmail(email: string): Promise<unknown>
    add(account: Account, password_phc: string): Promise<boolean>
  }
  readonly providerIdentities: {
    findAccount(identity: Pick<ProviderIdentity, 'issuer' | 'sub'>): Promise<string | undefined>
    link(
      identity: Pick<ProviderIdentity, 'issuer' | 'sub'>,
      account_id: string,
      now: number,
    ): Promise<boolean>
  }
  hashPassword(password: Secret, random: Random): Promise<string>
}

export type IdentityFailure =
  /** An account has the address, and whoever made it has not said that this identity is theirs. */
  | { readonly reason: 'identity_unconnected' }
  | { readonly reason: 'email_unverified' }
  | { readonly reason: 'account_missing' }

/**
 * Finds whose account somebody at a provider may be let into.
 *
 * An address is never a reason to let somebody into an account that exists. Whoever made it may not have owned the
 * address then, or the provider may say of an address what nobody has checked: both have been ways to take over accounts.
 * So an identity opens an account only after its owner, signed in, has connected it. An account is made only where the
 * operator wants it, for an address that the provider has verified and that no account has.
 */
export async function accountFor(
  identity: ProviderIdentity,
  provider: Pick<IdentityProvider, 'makes_accounts'>,
  ports: IdentityPorts,
  nowMs: number,
): Promise<Result<string, IdentityFailure>> {
  const known = await ports.providerIdentities.findAccount(identity)
  if (known !== undefined) return ok(known)
  const { email, email_verified } = identity
  if (email === undefined || !email_verified) return fail({ reason: 'email_unverified' })
  if ((await ports.accounts.findByEmail(email)) !== undefined) return fail({ reason: 'identity_unconnected' })
  if (!provider.makes_accounts) return fail({ reason: 'account_missing' })
  return makeAccount(identity, email, ports, nowMs)
}

/** The account has a password that nobody knows; whoever wants one has it mailed a link. */
async function makeAccount(
  identity: ProviderIdentity,
  email: string,
  ports: IdentityPorts,
  nowMs: number,
): Promise<Result<string, IdentityFailure>> {
  const { random } = ports
  const now = epochSeconds(nowMs)
  const account: Account = {
    account_id: randomId(random),
    vault_id: randomId(random),
    email: canonicalEmail(email),
    email_verified: true,
    claims: identity.name === undefined ? {} : { name: identity.name },
    created_at: now,
    updated_at: now,
  }
  const password_phc = await ports.hashPassword(new Secret(randomSecret(random)), random)
  if (!(await ports.accounts.add(account, password_phc))) return fail({ reason: 'identity_unconnected' })
  const isLinked = await ports.providerIdentities.link(identity, account.account_id, now)
  return isLinked ? ok(account.account_id) : fail({ reason: 'identity_unconnected' })
}
