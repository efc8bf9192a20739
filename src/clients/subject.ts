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
  if (client.metadata.subject_type === 'public') return account_id
  return createHmac('sha256', key)
    .update(JSON.stringify([sectorOf(client.metadata), account_id]))
    .digest('base64url')
}

/** Somebody's session, and by which name a client knows them. */
export interface NamedSession {
  readonly sid: string
  readonly account_id: string
  readonly sub: string
}

/**
 * What a client knows a session by: the `sid` of its tokens and of the news that the session has ended.
 *
 * To a client whose `sub` is pairwise it is a name of its sector too. One `sid` for all would tell two clients that the
 * people whom their subjects keep apart are one.
 */
export function sessionNameFor({ sid, account_id, sub }: NamedSession, key: Uint8Array): string {
  if (sub === account_id) return sid
  return createHmac('sha256', key)
    .update(JSON.stringify(['session', sub, sid]))
    .digest('base64url')
}

/**
 * The host that a client's sector is named by. Ports are left out, as RFC 3986 §3.2.2 has it: they tell programs of one
 * host apart, not owners. Registration has seen to it that the first redirect URI speaks for all. An
 * address of another scheme names no host, whatever stands where one would: any app may claim `com.app://bank.example/`.
 */
export function sectorOf({
  sector_identifier_uri,
  redirect_uris,
}: Pick<Client['metadata'], 'redirect_uris' | 'sector_identifier_uri'>): string {
  const url = URL.parse(sector_identifier_uri ?? redirect_uris[0] ?? '')
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.hostname : ''
}
