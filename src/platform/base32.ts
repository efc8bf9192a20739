const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const BITS_PER_CHARACTER = 5

/** Base32 (RFC 4648 §6) in lower case and without padding. */
export function base32(bytes: Uint8Array): string {
  let text = ''
  let held = 0
  let heldBits = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    heldBits += 8
    while (heldBits >= BITS_PER_CHARACTER) {
      heldBits -= BITS_PER_CHARACTER
      text += ALPHABET.charAt((held >>> heldBits) & 31)
    }
    held &= (1 << heldBits) - 1
  }
  return heldBits === 0 ? text : text + ALPHABET.charAt((held << (BITS_PER_CHARACTER - heldBits)) & 31)
}
