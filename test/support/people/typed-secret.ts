import { hotp } from '../../../src/accounts/totp.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const STEP_MS = 30_000

/** The code that an app shows into which somebody has typed this key. */
export function codeOf(typedSecret: string): string {
  const letters = Array.from(typedSecret.replaceAll(' ', ''))
  const bits = letters.map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
  return hotp(key, Math.floor(Date.now() / STEP_MS))
}
