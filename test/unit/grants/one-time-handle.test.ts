import { describe, expect, test } from 'vitest'

import { mintHandle, readHandle } from '../../../src/grants/one-time-handle.ts'
import { digestUserCode, formatUserCode, mintUserCode, readUserCode } from '../../../src/grants/user-code.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { Secret } from '../../../src/platform/secret.ts'

const key = new Uint8Array(32).fill(7)

describe('a handle', () => {
  test('leads to the place that it was made for', () => {
    const handle = mintHandle('pushed_request', '0f', key, systemRandom)
    expect(readHandle('pushed_request', handle, key)).toMatchObject({ place: '0f' })
  })

  test('stands for no other kind, and works under no other key', () => {
    const handle = mintHandle('pushed_request', '0f', key, systemRandom)
    expect(readHandle('device_code', handle, key)).toBeUndefined()
    expect(readHandle('pushed_request', handle, new Uint8Array(32))).toBeUndefined()
  })

  test.each([
    (text: string) => text.replace('_0f', '_0e'),
    (text: string) => text.slice(0, -1),
    (text: string) => `${text}A`,
    (text: string) => text.replace('gwp', 'gwd'),
    (text: string) => text.replace('.', '.A'),
    () => '',
  ])('that was altered is not read (%s)', (alter) => {
    const text = mintHandle('pushed_request', '0f', key, systemRandom).reveal()
    expect(readHandle('pushed_request', new Secret(alter(text)), key)).toBeUndefined()
    expect(readHandle('device_code', new Secret(alter(text)), key)).toBeUndefined()
  })
})

describe('a user code', () => {
  test('is eight of twenty consonants, each about as often as the others', () => {
    const counts = new Map<string, number>()
    for (let made = 0; made < 5_000; made += 1) {
      const code = mintUserCode(systemRandom)
      expect(code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/)
      for (const letter of code) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    }
    expect(counts.size).toBe(20)
    expect(Math.min(...counts.values())).toBeGreaterThan(1_700)
    expect(Math.max(...counts.values())).toBeLessThan(2_300)
  })

  test.each(['WDJB-MJHT', 'wdjbmjht', ' wdjb mjht ', 'WDJB–MJHT', 'w.d.j.b.m.j.h.t'])(
    'is read however it was typed: %j',
    (typed) => {
      expect(readUserCode(typed)).toBe('WDJBMJHT')
    },
  )

  test.each(['', 'WDJB-MJH', 'WDJB-MJHTT', 'WDJB-MJHA', 'WDJB/MJHT', 'ＷDJB-MJHT'])('is not %j', (typed) => {
    expect(readUserCode(typed)).toBeUndefined()
  })

  test('is shown in two groups and stored under a key', () => {
    expect(formatUserCode('WDJBMJHT')).toBe('WDJB-MJHT')
    expect(digestUserCode('WDJBMJHT', key)).not.toBe(digestUserCode('WDJBMJHT', new Uint8Array(32)))
  })
})
