import type { Account } from '../accounts/account.ts'
import type { GrantsVault } from '../grants/grants-vault.ts'
import type { RevocationKind } from '../grants/revocations.ts'
import type { Result } from '../platform/result.ts'
import type { AccessTokenClaims } from '../signing/access-token.ts'
import { fromStorage, type StorageFailure } from './storage.ts'
import { accountOf } from './token-account.ts'

export interface StrictPorts {
  readonly vault: Pick<GrantsVault, 'isGrantAlive'>
  readonly revocations: {
    hasAny(list: readonly { readonly kind: RevocationKind; readonly id: string }[]): Promise<boolean>
  }
  readonly accounts: { findById(account_id: string): Promise<Account | undefined> }
  readonly accountSeal: Uint8Array
}

/**
 * Whether an access token that is good as far as this isolate knows is good at this moment.
 *
 * D1 knows of single tokens and of API keys that were revoked. Of a person's grant, the object that keeps it knows first:
 * it ends there, and only then is everybody told.
 */
export async function isAliveNow(
  claims: AccessTokenClaims,
  ports: StrictPorts,
): Promise<Result<boolean, StorageFailure>> {
  return fromStorage('inspect access token strictly', async () => {
    const { jti, client_id, grant_id, sid } = claims
    const token = { kind: 'token', id: jti } as const
    const ends = [token, { kind: 'client', id: client_id } as const]
    if (grant_id === undefined) return !(await ports.revocations.hasAny(ends))
    if (await ports.revocations.hasAny([...ends, { kind: 'grant', id: grant_id }])) return false
    if (sid === undefined) return true
    const account_id = await accountOf(claims, ports.accountSeal)
    const account = account_id === undefined ? undefined : await ports.accounts.findById(account_id)
    return account !== undefined && ports.vault.isGrantAlive(account.vault_id, grant_id)
  })
}
