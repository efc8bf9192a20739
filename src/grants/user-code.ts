import { mac128 } from '../platform/digest.ts'
import type { Random } from '../platform/random.ts'

/** Consonants that are not mistaken for one another and spell no words (RFC 8628 §6.1). */
const ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ'
const CHARACTERS = 8
const CODE = new RegExp(`^[${ALPHABET}]{${CHARACTERS}}$`)
/** The largest multiple of the alphabet's size in a byte: what lies above would favour the first letters. */
const BYTE_LIMIT = 240

/**
 * Makes a user code: eight of twenty letters, 34 bits.
 *
 * That is few, because a person types it. It holds for ten minutes, and guesses are counted, by session and by address,
 * before any code is looked up: an address that tries for as long as one code lives has tried a hundred of 25 thousand
 * million.
 */
export function mintUserCode(random: Random): string {
  let code = ''
  while (code.length < CHARACTERS) {
    for (const byte of random(CHARACTERS)) {
      if (byte < BYTE_LIMIT && code.length < CHARACTERS) code += ALPHABET[byte % ALPHABET.length]
    }
  }
  return code
}

/** Reads what somebody typed: in any case, with blanks and dashes wherever they like; undefined if it is no code. */
export function readUserCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replaceAll(/[\s.\-_–—]/g, '')
  return CODE.test(code) ? code : undefined
}

/** As it is shown: two groups are read out and typed with fewer mistakes. */
export function formatUserCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

/** What is stored. A plain digest of 34 bits could be tried out by whoever reads the storage. */
export function digestUserCode(code: string, key: Uint8Array): string {
  return mac128(key, JSON.stringify(['user code', code]))
}
