import { base64url, fromBase64url, fromUtf8, utf8 } from './encoding.ts'
import type { Random } from './random.ts'

const NONCE_BYTES = 12

/**
 * Encrypts a text with AES-256-GCM under a key used for this purpose only.
 *
 * `context` is authenticated, not hidden: it ties the sealed text to its place, so that somebody who can write
 * the database cannot move one row's secret into another row.
 */
export async function seal(text: string, key: Uint8Array, context: string, random: Random): Promise<string> {
  const nonce = random(NONCE_BYTES)
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: utf8(context) },
    await importKey(key, 'encrypt'),
    utf8(text),
  )
  return `${base64url(nonce)}.${base64url(new Uint8Array(sealed))}`
}

/** Decrypts what `seal` made, or answers undefined: wrong key, wrong context, or altered bytes. */
export async function open(sealed: string, key: Uint8Array, context: string): Promise<string | undefined> {
  const [nonceText = '', bodyText = '', ...rest] = sealed.split('.')
  const nonce = fromBase64url(nonceText)
  const body = fromBase64url(bodyText)
  if (rest.length > 0 || nonce?.length !== NONCE_BYTES || body === undefined) return undefined
  try {
    const text = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: nonce, additionalData: utf8(context) },
      await importKey(key, 'decrypt'),
      body,
    )
    return fromUtf8(new Uint8Array(text))
  } catch {
    return undefined
  }
}

async function importKey(key: Uint8Array, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, [usage])
}
