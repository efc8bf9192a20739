import type { Buffer } from 'node:buffer'
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

import { utf8 } from './encoding.ts'

/** SHA-256 of a text as base64url. Right for secrets of 256 random bits, never for passwords. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

/** HMAC-SHA-256 cut to 128 bits, as base64url: enough against forgery, 22 characters on the wire. */
export function mac128(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest().subarray(0, 16).toString('base64url')
}

/** HKDF-SHA-256 (RFC 5869): one root, one key of 256 bits for each purpose, so that none can stand for another. */
export function deriveKey(root: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', root, new Uint8Array(0), utf8(purpose), 32))
}

/**
 * Compares two texts without telling by its duration where they differ.
 *
 * Both are digested first, so that lengths may differ and are not told either.
 */
export function constantTimeEqual(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}

/** SHA-256 of raw bytes, for identifiers that are matched by prefix or put in a fixed-size key. */
export function sha256Bytes(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
