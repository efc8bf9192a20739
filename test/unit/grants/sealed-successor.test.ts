import { describe, expect, test } from 'vitest'

import { mintToken } from '../../../src/grants/opaque-token.ts'
import { openSuccessor, sealSuccessor } from '../../../src/grants/sealed-successor.ts'
import { deriveKey } from '../../../src/platform/digest.ts'
import { utf8 } from '../../../src/platform/encoding.ts'
import { randomId, systemRandom } from '../../../src/platform/random.ts'

const keys = { mac: deriveKey(utf8('root'), 'mac'), vaultSeal: deriveKey(utf8('root'), 'seal') }
const mint = () => mintToken('refresh_token', randomId(systemRandom), keys, systemRandom)

describe('a sealed successor', () => {
  test('opens with the token that it replaced and with no other', async () => {
    const [presented, successor] = [mint(), mint()]
    const sealed = await sealSuccessor(successor, presented, systemRandom)
    expect((await openSuccessor(sealed, presented))?.reveal()).toBe(successor.reveal())
    expect(await openSuccessor(sealed, mint())).toBeUndefined()
    expect(await openSuccessor(sealed, successor)).toBeUndefined()
  })

  test('shows nothing of the token, and differs each time', async () => {
    const [presented, successor] = [mint(), mint()]
    const sealed = await sealSuccessor(successor, presented, systemRandom)
    expect(sealed).not.toContain(successor.reveal().slice(4, 26))
    expect(await sealSuccessor(successor, presented, systemRandom)).not.toBe(sealed)
  })

  test('altered, cut or empty, it opens to nothing', async () => {
    const [presented, successor] = [mint(), mint()]
    const sealed = await sealSuccessor(successor, presented, systemRandom)
    const altered = sealed.slice(0, -2) + (sealed.at(-2) === 'A' ? 'B' : 'A') + sealed.slice(-1)
    for (const text of [altered, sealed.slice(0, -4), sealed.replace('.', ''), ''])
      expect(await openSuccessor(text, presented), text).toBeUndefined()
  })
})
