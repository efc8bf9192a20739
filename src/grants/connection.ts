import type { Consent } from './consent.ts'
import type { Change, Decision, StoredGrant } from './decision.ts'
import { endGrant } from './grant-ending.ts'
import { readScope } from './scope.ts'

/** What an account's ledger holds about clients: what they were given, and what they may ask for again unasked. */
export interface HeldConnections {
  readonly grants: readonly StoredGrant[]
  readonly consents: readonly Consent[]
}

/** A client that may do something for the person, now or when it next asks. */
export interface Connection {
  readonly client_id: string
  readonly scope: readonly string[]
  readonly resource: readonly string[]
  readonly connected_at: number
}

/**
 * Lists who may do something, oldest first: clients with a grant that is alive, and clients that the person will not be
 * asked about again. A list of grants alone would leave out the second kind, which looks like no access until it is used.
 */
export function listConnections(held: HeldConnections, now: number): readonly Connection[] {
  const ofGrants = held.grants
    .filter(({ grant, ended_at }) => ended_at === null && grant.expires_at > now)
    .map(({ grant: { client_id, scope, resource, created_at } }) => ({
      client_id,
      scope: readScope(scope),
      resource,
      connected_at: created_at,
    }))
  const ofConsents = held.consents.map(({ given_at, ...rest }) => ({ ...rest, connected_at: given_at }))
  const byClient = new Map<string, Connection>()
  for (const one of [...ofGrants, ...ofConsents]) {
    byClient.set(one.client_id, unite(byClient.get(one.client_id), one))
  }
  return [...byClient.values()].toSorted((a, b) => a.connected_at - b.connected_at)
}

/**
 * Takes everything back from one client: its grants end, whether or not they can be refreshed, and its consents are
 * forgotten, or it would be given the same again without a question. May be repeated.
 *
 * `held` is of that client only.
 */
export function disconnect(held: HeldConnections, now: number): Decision<readonly string[]> {
  const ending = held.grants.filter(({ ended_at }) => ended_at === null)
  const forgotten = held.consents.map(({ client_id, resource }): Change => ({
    table: 'forgotten_consents',
    row: { client_id, resource },
  }))
  return {
    answer: ending.map(({ grant }) => grant.grant_id),
    changes: [...ending.flatMap((stored) => endGrant(stored, now)), ...forgotten],
  }
}

function unite(known: Connection | undefined, one: Connection): Connection {
  if (known === undefined) return one
  return {
    client_id: one.client_id,
    scope: [...new Set([...known.scope, ...one.scope])],
    resource: [...new Set([...known.resource, ...one.resource])],
    connected_at: Math.min(known.connected_at, one.connected_at),
  }
}
