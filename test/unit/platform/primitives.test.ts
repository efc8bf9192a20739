import { describe, expect, test } from 'vitest'

import { callObject } from '../../../src/platform/object-call.ts'
import { constantTimeEqual, deriveKey, mac128 } from '../../../src/platform/digest.ts'
import { base64url, fromBase64url, fromUtf8, utf8 } from '../../../src/platform/encoding.ts'
import { Lru } from '../../../src/platform/lru.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { open, seal } from '../../../src/platform/seal.ts'
import { continueTrace, toTraceparent } from '../../../src/platform/trace.ts'

const key = deriveKey(utf8('root'), 'test')

describe('base64url', () => {
  test('only the canonical form is decoded, so that one value has one spelling', () => {
    expect(fromBase64url(base64url(utf8('gate')))).toEqual(utf8('gate'))
    for (const text of ['Zg==', 'Zh', 'Z', 'Z g', 'Z+', 'Z/'])
      expect(fromBase64url(text), text).toBeUndefined()
  })

  test('bytes that are not UTF-8 are not text', () => {
    expect(fromUtf8(new Uint8Array([0xff]))).toBeUndefined()
  })
})

describe('deriveKey and mac128', () => {
  test('each purpose has a key of its own', () => {
    expect(mac128(deriveKey(utf8('root'), 'a'), 'x')).not.toBe(mac128(deriveKey(utf8('root'), 'b'), 'x'))
  })

  test('equal texts are equal, prefixes are not', () => {
    expect([constantTimeEqual('abc', 'abc'), constantTimeEqual('abc', 'ab')]).toEqual([true, false])
  })
})

describe('seal', () => {
  test('what is sealed opens under its key and its context only', async () => {
    const sealed = await seal('the text', key, 'row 1', systemRandom)
    expect(await open(sealed, key, 'row 1')).toBe('the text')
    expect(await open(sealed, key, 'row 2')).toBeUndefined()
    expect(await open(sealed, deriveKey(utf8('other'), 'test'), 'row 1')).toBeUndefined()
  })

  test('altered, cut and foreign texts do not open', async () => {
    const sealed = await seal('the text', key, 'c', systemRandom)
    const flipped = sealed.slice(0, -3) + (sealed.at(-3) === 'A' ? 'B' : 'A') + sealed.slice(-2)
    for (const text of [flipped, sealed.slice(0, -4), `${sealed}.x`, '', '.', 'a.b']) {
      expect(await open(text, key, 'c'), text).toBeUndefined()
    }
  })
})

describe('Lru', () => {
  test('it holds at most its bound and forgets what was used longest ago', () => {
    const lru = new Lru<number>(2)
    lru.set('a', 1)
    lru.set('b', 2)
    lru.get('a')
    lru.set('c', 3)
    expect([lru.get('a'), lru.get('b'), lru.get('c'), lru.size]).toEqual([1, undefined, 3, 2])
  })
})

describe('continueTrace', () => {
  const trace_id = '0af7651916cd43dd8448eb211c80319c'

  test('a valid traceparent is continued in a span of our own', () => {
    const trace = continueTrace(`00-${trace_id}-b7ad6b7169203331-01`, systemRandom)
    expect(trace).toMatchObject({ trace_id, flags: '01' })
    expect(trace.span_id).not.toBe('b7ad6b7169203331')
    expect(toTraceparent(trace)).toMatch(new RegExp(`^00-${trace_id}-[0-9a-f]{16}-01$`))
  })

  /** W3C Trace Context §3.2.2: a malformed header is as good as none. */
  test('a malformed traceparent starts a new trace', () => {
    const broken = [
      undefined,
      '',
      `ff-${trace_id}-b7ad6b7169203331-01`,
      `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
      `00-${trace_id}-${'0'.repeat(16)}-01`,
      `00-${trace_id}-b7ad6b7169203331-01-more`,
      `00-${trace_id.toUpperCase()}-b7ad6b7169203331-01`,
    ]
    for (const header of broken)
      expect(continueTrace(header, systemRandom).trace_id, header).not.toBe(trace_id)
  })
})

describe('callObject', () => {
  test('a call that was cut off is made again, at most three times in all', async () => {
    let calls = 0
    const cutOff = Object.assign(new Error('reset'), { retryable: true })
    const call = async () => {
      calls += 1
      throw cutOff
    }
    await expect(callObject(call)).rejects.toBe(cutOff)
    expect(calls).toBe(3)
  })

  test('an overloaded object is left alone, and a bug is not repeated', async () => {
    for (const error of [
      Object.assign(new Error('busy'), { retryable: true, overloaded: true }),
      new Error('bug'),
    ]) {
      let calls = 0
      await expect(
        callObject(async () => {
          calls += 1
          throw error
        }),
      ).rejects.toBe(error)
      expect(calls).toBe(1)
    }
  })
})
