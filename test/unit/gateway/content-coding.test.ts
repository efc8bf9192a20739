import { describe, expect, test } from 'vitest'

import { acceptsCoding, callersAcceptEncoding } from '../../../src/gateway/content-coding.ts'

describe('acceptsCoding', () => {
  test('a coding is accepted when it is named, or by *, and its weight is not zero', () => {
    expect(acceptsCoding('gzip, br', 'br')).toBe(true)
    expect(acceptsCoding('GZIP;q=0.5', 'gzip')).toBe(true)
    expect(acceptsCoding('*', 'br')).toBe(true)
    expect(acceptsCoding('*, br;q=0', 'br')).toBe(false)
    expect(acceptsCoding('br;q=0.000', 'br')).toBe(false)
    expect(acceptsCoding('gzip', 'br')).toBe(false)
  })

  /** curl without --compressed sends no header, and shows the bytes that it gets. */
  test('a caller that says nothing gets no coding', () => {
    expect(acceptsCoding('', 'br')).toBe(false)
  })
})

describe('callersAcceptEncoding', () => {
  test('what the platform kept of the caller counts before the header that it wrote', () => {
    const request = new Request('http://localhost/', { headers: { 'accept-encoding': 'br, gzip' } })
    expect(callersAcceptEncoding(Object.assign(request, { cf: { clientAcceptEncoding: '' } }))).toBe('')
    expect(
      callersAcceptEncoding(new Request('http://localhost/', { headers: { 'accept-encoding': 'gzip' } })),
    ).toBe('gzip')
  })
})
