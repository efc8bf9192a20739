import type { Change, Decision, StoredGrant } from './decision.ts'
import { endGrant } from './grant-ending.ts'
import { readScope } from './scope.ts'

/** A client that somebody signed in to during a session, and the name that it knows them by. */
export interface Participant {
  readonly sid: string
  readonly client_id: string
  readonly sub: string
  /** Epoch seconds at which the session is over by itself, and nobody need be told. */
  readonly expires_at: number
}

/** What came of the end of a session. */
export interface EndedSession {
  readonly participants: readonly Pick<Participant, 'client_id' | 'sub'>[]
  readonly grant_ids: readonly string[]
}

/**
 * Ends a session's grants and says which clients are to be told.
 *
 * Grants with `offline_access` go on, because that is what the person allowed with it. The answer to a repeated
 * call names the same clients: the caller writes down whom to tell only afterwards, and may die before.
 *
 * @see OpenID Connect Back-Channel Logout 1.0 §2.7 (refresh tokens)
 */
export function endSession(
  held: { readonly grants: readonly StoredGrant[]; readonly participants: readonly Participant[] },
  now: number,
): Decision<EndedSession> {
  const ending = held.grants.filter(
    ({ grant, ended_at }) => ended_at === null && !readScope(grant.scope).includes('offline_access'),
  )
  const changes: readonly Change[] = ending.flatMap((stored) => endGrant(stored, now))
  return {
    answer: {
      participants: held.participants.map(({ client_id, sub }) => ({ client_id, sub })),
      grant_ids: ending.map(({ grant }) => grant.grant_id),
    },
    changes,
  }
}
