import { Buffer } from 'node:buffer'

const BASE64URL = /^[A-Za-z0-9_-]*$/

/** Base64url without padding (RFC 4648 §5). */
export function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url')
}

/**
 * Decodes unpadded base64url, or answers undefined.
 *
 * Only the canonical form is taken: a decoder that forgives stray characters or trailing bits lets one token
 * be written in several ways, and a list of spent or revoked ones can then be stepped around.
 */
export function fromBase64url(text: string): Uint8Array | undefined {
  if (!BASE64URL.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? new Uint8Array(bytes) : undefined
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Decodes UTF-8, or answers undefined where the bytes are not UTF-8: nothing is replaced silently. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
