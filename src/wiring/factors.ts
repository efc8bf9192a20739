import type { GuardedAccount } from '../accounts/account.ts'
import { endWeakGrants } from '../oauth/logout/grants-ending.ts'
import { factorStore } from '../accounts/factor.store.ts'
import { passkeyStore } from '../accounts/passkey.store.ts'
import { relyingPartyOf } from '../accounts/passkey.ts'
import { pendingSignInStore } from '../accounts/pending-sign-in.store.ts'
import type { Db } from '../db/client.ts'
import { systemRandom } from '../platform/random.ts'
import type { Settings } from '../settings.ts'
import type { Parts } from './parts.ts'

/** Second factors, and the sign-ins that wait for one. */
export function factorStores(db: Db) {
  return {
    factors: factorStore(db),
    passkeys: passkeyStore(db),
    pendingSignIns: pendingSignInStore(db, systemRandom),
  }
}

/** What the pages need that ask for second factors or change them. */
export function factorPorts(
  { issuer, keys }: Settings,
  { factors, passkeys, pendingSignIns, vault, revoked }: Parts,
) {
  return {
    party: relyingPartyOf(issuer),
    passkeyMac: keys.passkeyMac,
    factorSeal: keys.factorSeal,
    factors,
    passkeys,
    pendingSignIns,
    endWeakGrants: (account: GuardedAccount, nowMs: number) =>
      endWeakGrants(account, { vault, revoked }, nowMs),
  }
}
