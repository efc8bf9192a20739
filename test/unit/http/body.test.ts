import { describe, expect, test } from 'vitest'

import { readBody, readParameters } from '../../../src/http/body.ts'

const form = (body: BodyInit, headers: Record<string, string> = {}) =>
  new Request('http://localhost/', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })

const json = (body: string) =>
  new Request('http://localhost/', { method: 'POST', body, headers: { 'content-type': 'application/json' } })

describe('readParameters', () => {
  /** RFC 6749 §3.2: two readers that pick different values of one name can be made to disagree. */
  test('a repeated name is refused, also when one of its values is empty', () => {
    expect(readParameters('a=1&a=2')).toMatchObject({ ok: false, failure: { reason: 'body_malformed' } })
    expect(readParameters('a=1&a=')).toMatchObject({ ok: false })
  })

  /** RFC 8707 §2: `resource` names one of several resources each time. */
  test('a name that may repeat is a list, also of one, and counts against the bound each time', () => {
    expect(readParameters('resource=a&b=1&resource=c&resource=', ['resource'])).toEqual({
      ok: true,
      value: { resource: ['a', 'c'], b: '1' },
    })
    expect(readParameters('resource=a', ['resource'])).toEqual({ ok: true, value: { resource: ['a'] } })
    expect(readParameters('resource=', ['resource'])).toEqual({ ok: true, value: {} })
    expect(readParameters('resource=a&b=1&b=1', ['resource'])).toMatchObject({ ok: false })
    expect(readParameters('resource=a&'.repeat(65), ['resource'])).toMatchObject({ ok: false })
  })

  test('a name without a value counts as absent', () => {
    expect(readParameters('a=&b=2')).toEqual({ ok: true, value: { b: '2' } })
  })

  test('broken escapes and bytes that are not UTF-8 are refused, never replaced', () => {
    for (const text of ['a=%', 'a=%4', 'a=%zz', 'a=%ff', '%c3=1']) {
      expect(readParameters(text), text).toMatchObject({ ok: false, failure: { reason: 'body_malformed' } })
    }
  })

  test('names of object internals are plain parameters', () => {
    const read = readParameters('__proto__=1&constructor=2')
    expect(read.ok && Object.entries(read.value)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ])
  })

  test('the number and the length of parameters are bounded', () => {
    const many = Array.from({ length: 65 }, (_, at) => `p${at}=1`).join('&')
    expect(readParameters(many)).toMatchObject({ ok: false })
    expect(readParameters(`a=${'x'.repeat(8 * 1024 + 1)}`)).toMatchObject({ ok: false })
  })
})

describe('readBody', () => {
  test('the content type decides, whatever its case and parameters, and another is refused', async () => {
    const typed = form('a=1', { 'content-type': 'Application/X-WWW-Form-URLencoded; charset=UTF-8' })
    expect(await readBody(typed, ['form'], 100)).toEqual({ ok: true, value: { a: '1' } })
    expect(await readBody(form('a=1'), ['json'], 100)).toMatchObject({
      failure: { reason: 'media_type_unsupported', accepted: ['application/json'] },
    })
  })

  /** `curl -d '{…}'` says that it sends a form. */
  test('JSON that is sent as a form is told apart from a form without parameters', async () => {
    expect(await readBody(form('{"grant_type":"client_credentials"}'), ['form', 'json'], 100)).toMatchObject({
      failure: {
        reason: 'body_malformed',
        message: expect.stringContaining('content-type: application/json'),
      },
    })
  })

  test('a body over its bound is refused by its declared length, and by counting when the length is hidden', async () => {
    expect(await readBody(form('a=12345'), ['form'], 6)).toMatchObject({
      failure: { reason: 'body_too_large' },
    })
    const stream = new ReadableStream({
      start(controller) {
        for (let at = 0; at < 4; at += 1) controller.enqueue(new TextEncoder().encode('a=12'))
        controller.close()
      },
    })
    const hidden = new Request('http://localhost/', {
      method: 'POST',
      body: stream,
      duplex: 'half',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(await readBody(hidden, ['form'], 10)).toMatchObject({ failure: { reason: 'body_too_large' } })
  })

  test('JSON that is no object, is broken, or is nested too deep is refused', async () => {
    for (const text of ['[]', '1', 'null', '{', '', '{"a":1}}', `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`]) {
      expect(await readBody(json(text), ['json'], 10_000), text).toMatchObject({
        ok: false,
        failure: { reason: 'body_malformed' },
      })
    }
  })

  test('brackets inside strings do not count as nesting', async () => {
    const text = JSON.stringify({ a: '{['.repeat(40), b: '\\"{' })
    expect(await readBody(json(text), ['json'], 10_000)).toMatchObject({ ok: true })
  })

  /** The parser would round them to a neighbour, and two readers of one body would see different numbers. */
  test('a number that cannot be held as it is written becomes NaN, which no schema takes', async () => {
    const whole = await readBody(json('{"a":[0,-7,9007199254740991,12.0,0.5]}'), ['json'], 10_000)
    expect(whole).toEqual({ ok: true, value: { a: [0, -7, 9007199254740991, 12, 0.5] } })
    for (const text of ['9007199254740993', '-9007199254740992', '0.99999999999999999999', '1e3', '1e30']) {
      expect(await readBody(json(`{"a":${text}}`), ['json'], 10_000), text).toEqual({
        ok: true,
        value: { a: Number.NaN },
      })
    }
  })

  /** One client sends the same fields as a form and the next as JSON, and both must mean the same. */
  test('an empty text counts as absent in JSON where it would in a form, and nowhere else', async () => {
    const text = '{"scope":"","state":"s","list":[""],"inner":{"a":""}}'
    const kept = { state: 's', list: [''], inner: { a: '' } }
    expect(await readBody(json(text), ['form', 'json'], 1_000)).toEqual({ ok: true, value: kept })
    expect(await readBody(json(text), ['json'], 1_000)).toEqual({ ok: true, value: { scope: '', ...kept } })
  })

  /** RFC 8259 §4: which of them counts differs between parsers, so two readers could see different requests. */
  test('a member that comes twice is refused, however its name is written and wherever it lies', async () => {
    for (const text of [
      '{"a":1,"a":2}',
      '{"a":1,"b":{"a":1},"a":1}',
      '{"a":"","\\u0061":"x"}',
      '{"list":[{"b":[],"c":0,"b":{}}]}',
      '{"__proto__":1,"__proto__":2}',
    ]) {
      expect(await readBody(json(text), ['form', 'json'], 1_000), text).toMatchObject({
        ok: false,
        failure: { reason: 'body_malformed', message: expect.stringContaining('is repeated') },
      })
    }
  })

  test('the same name in different objects, and as a value, is not a repetition', async () => {
    const text = '{"a":{"a":"a"},"b":[{"a":1},{"a":2},"a","a"],"c":"a,\\"a\\":","A":"{\\"a\\":1"}'
    expect(await readBody(json(text), ['json'], 1_000)).toMatchObject({ ok: true })
  })

  test('names of object internals in JSON are plain members', async () => {
    const read = await readBody(json('{"__proto__":{"a":1}}'), ['json'], 10_000)
    expect(read.ok && Object.entries(read.value)).toEqual([['__proto__', { a: 1 }]])
  })
})
