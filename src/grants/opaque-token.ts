import { assert } from '../platform/assert.ts'
import { constantTimeEqual, mac128, sha256 } from '../platform/digest.ts'
import { randomSecret, type Random } from '../platform/random.ts'
import { Secret } from '../platform/secret.ts'

export type TokenKind = 'code' | 'refresh_token'

const PREFIXES = { code: 'gwc', refresh_token: 'gwr' } as const

/** 128 bits, 256 bits and 128 bits as base64url. Nothing shorter or longer is ours, truncated tokens least of all. */
const TOKEN = /^((gwc|gwr)_([\w-]{22})\.[\w-]{43})\.([\w-]{22})$/
const VAULT_ID = /^[\w-]{22}$/

/**
 * Makes a code or refresh token: `gw<kind>_<vault_id>.<secret>.<mac>`.
 *
 * `vault_id` leads to the object that holds the grant without a lookup. The MAC lets a forged token be refused
 * before that object is asked: otherwise anybody could wake objects, or end a grant by making up a "spent"
 * token under an identifier they have seen.
 */
export function mintToken(kind: TokenKind, vault_id: string, macKey: Uint8Array, random: Random): Secret {
  assert(VAULT_ID.test(vault_id), 'vault id of 22 base64url characters')
  const body = `${PREFIXES[kind]}_${vault_id}.${randomSecret(random)}`
  return new Secret(`${body}.${mac128(macKey, body)}`)
}

/**
 * Reads a token that we made, or answers undefined. The digest is what is stored and looked up.
 *
 * The MAC covers the text itself, prefix included, and is compared as text. So a token has one spelling, and a code cannot
 * stand for a refresh token.
 */
export function readToken(
  kind: TokenKind,
  token: Secret,
  macKey: Uint8Array,
): { readonly vault_id: string; readonly digest: string } | undefined {
  const text = token.reveal()
  const [, body = '', prefix = '', vault_id = '', mac = ''] = TOKEN.exec(text) ?? []
  if (prefix !== PREFIXES[kind] || !constantTimeEqual(mac, mac128(macKey, body))) return undefined
  return { vault_id, digest: sha256(text) }
}
