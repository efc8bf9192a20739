import type { Change } from './decision.ts'
import type { Bindings } from './grant.ts'
import type { AuthorizeCommand } from './grants-vault.ts'
import { askedOf } from './requested-claims.ts'
import { isWithin, readScope } from './scope.ts'

/** What a person allowed a client at one set of resources, over all the times they were asked. */
export interface Consent {
  readonly client_id: string
  readonly resource: readonly string[]
  readonly scope: readonly string[]
  readonly given_at: number
}

/**
 * Decides whether a client may have what it asks for: answers what to write down, or undefined if the person must be asked.
 *
 * `remembered` is the consent for exactly the resources of the request, because a scope allowed at one resource says nothing
 * about another. It covers any part of its scope, so that asking for less does not ask the person again.
 * A consent given now is added to it.
 */
export function decideConsent(
  remembered: Consent | undefined,
  command: Pick<AuthorizeCommand, 'consent'> & {
    readonly bindings: Pick<Bindings, 'client_id' | 'resource' | 'scope' | 'claims'>
  },
  now: number,
): readonly Change[] | undefined {
  const { client_id, resource, scope, claims } = command.bindings
  const requested = askedOf(readScope(scope), claims)
  const isCovered = remembered !== undefined && isWithin(requested, remembered.scope)
  switch (command.consent) {
    case 'waived':
      return []
    case 'remembered':
      return isCovered ? [] : undefined
    case 'given': {
      if (isCovered) return []
      const union = [...new Set([...(remembered?.scope ?? []), ...requested])]
      return [{ table: 'consents', row: { client_id, resource, scope: union, given_at: now } }]
    }
  }
}

/** One text for a set of resources, whatever order they were named in. */
export function resourceKey(resource: readonly string[]): string {
  return JSON.stringify([...new Set(resource)].toSorted())
}
