import type { Account, GuardedAccount } from '../../accounts/account.ts'
import { requiredAcr } from '../../accounts/acr.ts'
import type { GrantsVault } from '../../grants/grants-vault.ts'
import type { RevocationKind } from '../../grants/revocations.ts'
import { accessTokenTtlSeconds } from '../../platform/bounds.ts'
import { epochSeconds } from '../../platform/clock.ts'

export interface GrantsEndingPorts {
  readonly vault: Pick<GrantsVault, 'disconnectAll' | 'endGrantsBelow'>
  /** What this isolate knows to be revoked; the vault tells the others. */
  readonly revoked: { add(kind: RevocationKind, id: string, expires_at: number): void }
}

/**
 * Ends everything that clients were given by an account, `offline_access` or not, and forgets that it was allowed.
 *
 * It is for an account that somebody else may have been in. Whoever had its password for a minute could have let an
 * application of their own in, which needs no password to refresh and no person to ask again.
 */
export async function endGrants(
  { vault_id }: Pick<Account, 'vault_id'>,
  { vault, revoked }: GrantsEndingPorts,
  nowMs: number,
): Promise<void> {
  note(await vault.disconnectAll(vault_id), revoked, nowMs)
}

/** Ends what was given before the account had what it asks for now, so that clients bring the person back to prove it. */
export async function endWeakGrants(
  account: Pick<GuardedAccount, 'vault_id' | 'has_second_factor'>,
  { vault, revoked }: GrantsEndingPorts,
  nowMs: number,
): Promise<void> {
  note(await vault.endGrantsBelow(account.vault_id, requiredAcr(account)), revoked, nowMs)
}

function note(
  { grant_ids }: { readonly grant_ids: readonly string[] },
  revoked: GrantsEndingPorts['revoked'],
  nowMs: number,
): void {
  const expires_at = epochSeconds(nowMs) + accessTokenTtlSeconds
  for (const grant_id of grant_ids) revoked.add('grant', grant_id, expires_at)
}
