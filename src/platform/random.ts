import { base64url } from './encoding.ts'

/** Yields this many bytes that nobody can predict. Doubled in tests that need the same bytes twice. */
export type Random = (byteCount: number) => Uint8Array

export const systemRandom: Random = (byteCount) => crypto.getRandomValues(new Uint8Array(byteCount))

/** An identifier of 128 unpredictable bits, 22 characters of base64url. */
export function randomId(random: Random): string {
  return base64url(random(16))
}

/** A secret of 256 unpredictable bits, 43 characters: too many to guess, so a plain digest may store it. */
export function randomSecret(random: Random): string {
  return base64url(random(32))
}
