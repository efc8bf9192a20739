import { createHmac } from 'node:crypto'

import type { Client } from './client.ts'

/**
 * What a client knows a person by: the `sub` of all tokens that it gets about them.
 *
 * With `pairwise` it is a keyed digest over the client's sector and the account. Clients of one sector see one name and
 * may compare, clients of two sectors cannot find out that they serve the same person.
 *
 * @see OpenID Connect Core 1.0 §8.1
 */
export function subjectFor(client: Pick<Client, 'metadata'>, account_id: string, key: Uint8Array): string {
  const { subject_type, sector_identifier_uri, redirect_uris } = client.metadata
  if (subject_type === 'public') return account_id
  const sector = URL.parse(sector_identifier_uri ?? redirect_uris[0] ?? '')?.host ?? ''
  return createHmac('sha256', key)
    .update(JSON.stringify([sector, account_id]))
    .digest('base64url')
}
