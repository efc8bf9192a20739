import { sha256 } from '../platform/digest.ts'
import { Lru } from '../platform/lru.ts'
import { seenProofsMax } from '../platform/proof-bounds.ts'
import type { ProofUse } from './dpop-proof.ts'

/**
 * Proofs that this isolate has seen, where asking an object for each request would cost more than it is worth: at
 * published routes. It finds a proof that comes back to this isolate; other isolates find their own.
 *
 * A `jti` counts as repeated for as long as it is remembered, also past its time: whoever makes proofs must never use
 * one twice.
 */
export class ProofMemory {
  readonly #seen = new Lru<true>(seenProofsMax)

  async spendOnce({ owner, jti }: ProofUse): Promise<'first' | 'repeated'> {
    const name = sha256(JSON.stringify([owner, jti]))
    if (this.#seen.get(name) !== undefined) return 'repeated'
    this.#seen.set(name, true)
    return 'first'
  }
}
