import { createCipheriv } from 'node:crypto'

import { assert } from '../platform/assert.ts'
import { constantTimeEqual, mac128, sha256, sha256Bytes } from '../platform/digest.ts'
import { base64url, fromBase64url, utf8 } from '../platform/encoding.ts'
import { randomSecret, type Random } from '../platform/random.ts'
import { Secret } from '../platform/secret.ts'

export type TokenKind = 'code' | 'refresh_token'

/** Keys of this deployment: one proves that a token is ours, the other hides whose vault it leads to. */
export interface TokenKeys {
  readonly mac: Uint8Array
  readonly vaultSeal: Uint8Array
}

const PREFIXES = { code: 'gwc', refresh_token: 'gwr' } as const

/** 128 bits, 256 bits and 128 bits as base64url. Nothing shorter or longer is ours, truncated tokens least of all. */
const TOKEN = /^((gwc|gwr)_([\w-]{22})\.([\w-]{43}))\.([\w-]{22})$/
const VAULT_ID_BYTES = 16

/**
 * Makes a code or refresh token: `gw<kind>_<sealed vault_id>.<secret>.<mac>`.
 *
 * `vault_id` leads to the object that holds the grant without a lookup. It is sealed anew in each token: the same
 * id in the tokens of two clients would tell them that they serve the same person, whom pairwise subjects hide from
 * them. The MAC lets a forged token be refused before any object is asked: otherwise anybody could wake objects, or end
 * a grant by making up a "spent" token under an identifier they have seen.
 */
export function mintToken(kind: TokenKind, vault_id: string, keys: TokenKeys, random: Random): Secret {
  const id = fromBase64url(vault_id)
  assert(id?.byteLength === VAULT_ID_BYTES, 'vault id of 16 bytes in base64url')
  const secret = randomSecret(random)
  const body = `${PREFIXES[kind]}_${base64url(cipher(id, secret, keys))}.${secret}`
  return new Secret(`${body}.${mac128(keys.mac, body)}`)
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
  keys: TokenKeys,
): { readonly vault_id: string; readonly digest: string } | undefined {
  const text = token.reveal()
  const [, body = '', prefix = '', sealed = '', secret = '', mac = ''] = TOKEN.exec(text) ?? []
  if (prefix !== PREFIXES[kind] || !constantTimeEqual(mac, mac128(keys.mac, body))) return undefined
  const id = fromBase64url(sealed)
  assert(id !== undefined, 'a sealed vault id that we made')
  return { vault_id: base64url(cipher(id, secret, keys)), digest: sha256(text) }
}

/**
 * AES-256-CTR, which opens by what it seals with. Its initial counter is a digest of the token's secret: 256 random bits
 * that no two tokens share, so no keystream is used twice. The MAC around it is what keeps it from being altered.
 */
function cipher(id: Uint8Array, secret: string, { vaultSeal }: TokenKeys): Uint8Array {
  const counter = sha256Bytes(utf8(secret)).subarray(0, 16)
  return createCipheriv('aes-256-ctr', vaultSeal, counter).update(id)
}
