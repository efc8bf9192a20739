import { createKeyRing, type RereadableKeyRing } from '../../../src/signing/key-ring.ts'
import { ensureKeys } from '../../../src/signing/key-rotation.ts'
import type { SealedSigningKey } from '../../../src/signing/signing-key.ts'
import { systemRandom } from '../../../src/platform/random.ts'

/** A ring over rows in memory, made by the same rotation that fills the table. */
export async function ringAt(nowMs: number): Promise<RereadableKeyRing> {
  const rows: SealedSigningKey[] = []
  const store = {
    list: async () => rows,
    insert: async (keys: readonly SealedSigningKey[]) => void rows.push(...keys),
    activateAt: async () => undefined,
    remove: async () => undefined,
  }
  const sealKey = systemRandom(32)
  await ensureKeys({ store, sealKey, random: systemRandom }, nowMs)
  return createKeyRing({ store, sealKey })
}
