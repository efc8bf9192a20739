import { and, eq, ne } from 'drizzle-orm'

import type { Db } from '../db/client.ts'
import { identityProviders } from '../db/schema/federation.ts'
import { providersMax } from '../platform/bounds.ts'
import type { Random } from '../platform/random.ts'
import { open, seal } from '../platform/seal.ts'
import { Secret } from '../platform/secret.ts'
import type { IdentityProvider } from './identity-provider.ts'

/** A provider as it may be shown: without its secret. */
export type PublicProvider = Omit<IdentityProvider, 'client_secret'>

/** The identity providers in D1, secrets sealed. */
export function identityProviderStore(db: Db, sealKey: Uint8Array, random: Random) {
  return {
    async list(): Promise<readonly PublicProvider[]> {
      const rows = await db
        .select()
        .from(identityProviders)
        .orderBy(identityProviders.display_name)
        .limit(providersMax)
      return rows.map(({ client_secret_sealed: _hidden, ...provider }) => provider)
    },

    async find(provider_id: string): Promise<IdentityProvider | undefined> {
      const row = await db
        .select()
        .from(identityProviders)
        .where(eq(identityProviders.provider_id, provider_id))
        .get()
      if (row === undefined) return undefined
      const { client_secret_sealed, ...provider } = row
      const secret = await open(client_secret_sealed, sealKey, contextOf(row))
      return secret === undefined ? undefined : { ...provider, client_secret: new Secret(secret) }
    },

    /** Writes a provider whether or not it is there; false where another one has the same issuer. */
    async put({ client_secret, ...provider }: IdentityProvider): Promise<boolean> {
      const { provider_id, issuer, created_at, ...rest } = provider
      const another = and(
        eq(identityProviders.issuer, issuer),
        ne(identityProviders.provider_id, provider_id),
      )
      if ((await db.select().from(identityProviders).where(another).get()) !== undefined) return false
      const client_secret_sealed = await seal(client_secret.reveal(), sealKey, contextOf(provider), random)
      const set = { issuer, ...rest, client_secret_sealed }
      await db
        .insert(identityProviders)
        .values({ provider_id, created_at, ...set })
        .onConflictDoUpdate({ target: identityProviders.provider_id, set })
      return true
    },

    async remove(provider_id: string): Promise<boolean> {
      const removed = await db
        .delete(identityProviders)
        .where(eq(identityProviders.provider_id, provider_id))
        .returning({ provider_id: identityProviders.provider_id })
      return removed.length > 0
    },
  }
}

/** Ties a secret to whom it is sent: a row that was changed to another issuer would otherwise send it there. */
function contextOf({ provider_id, issuer, client_id }: Omit<PublicProvider, 'scope'>): string {
  return JSON.stringify(['identity provider', provider_id, issuer, client_id])
}
