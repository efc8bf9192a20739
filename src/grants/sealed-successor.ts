import { deriveKey } from '../platform/digest.ts'
import { utf8 } from '../platform/encoding.ts'
import type { Random } from '../platform/random.ts'
import { open, seal } from '../platform/seal.ts'
import { Secret } from '../platform/secret.ts'

const PURPOSE = 'gatewright refresh token successor v1'

/**
 * Encrypts a successor under a key derived from the token that it replaces.
 *
 * Whoever presents the spent token again within the retry window can be given the same successor, while a
 * copy of the database gives nobody a token: it holds digests, and a digest does not yield the key.
 */
export async function sealSuccessor(successor: Secret, presented: Secret, random: Random): Promise<string> {
  return seal(successor.reveal(), successorKey(presented), PURPOSE, random)
}

export async function openSuccessor(sealed: string, presented: Secret): Promise<Secret | undefined> {
  const text = await open(sealed, successorKey(presented), PURPOSE)
  return text === undefined ? undefined : new Secret(text)
}

/** The presented token has 256 random bits, so that deriving needs no stretching. */
function successorKey(presented: Secret): Uint8Array {
  return deriveKey(utf8(presented.reveal()), PURPOSE)
}
