import type { AuthorizationCode } from './authorization-code.ts'
import type { Consent } from './consent.ts'
import type { DeviceCode } from './device-code.ts'
import type { Grant } from './grant.ts'
import type { RefreshToken } from './refresh-rotation.ts'
import type { Participant } from './session-ending.ts'

/** What a rule answers, and what must have been written before anybody hears the answer. */
export interface Decision<A, C = Change> {
  readonly answer: A
  readonly changes: readonly C[]
}

/** One row to write. Rules say what changes; only the ledger writes, all of a decision or nothing of it. */
export type Change =
  | { readonly table: 'grants'; readonly row: StoredGrant }
  | { readonly table: 'codes'; readonly row: AuthorizationCode }
  | { readonly table: 'device_codes'; readonly row: DeviceCode }
  | { readonly table: 'refresh_tokens'; readonly row: RefreshToken }
  | { readonly table: 'consents'; readonly row: Consent }
  /** The row that is no more. */
  | { readonly table: 'forgotten_consents'; readonly row: Pick<Consent, 'client_id' | 'resource'> }
  | { readonly table: 'participants'; readonly row: Participant }
  | { readonly table: 'unsent_revocations'; readonly row: UnsentRevocation }

/** A grant as it is stored. One that has ended stays for a while, so that what it issued is refused by name. */
export interface StoredGrant {
  readonly grant: Grant
  readonly ended_at: number | null
}

/** A revocation that D1 has not confirmed yet. It is of no use after `expires_at`, sent or not. */
export interface UnsentRevocation {
  readonly grant_id: string
  readonly expires_at: number
}
