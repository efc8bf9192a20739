import { describe, expect, test } from 'vitest'

import { readPath } from '../../../src/catalog/request-path.ts'

function segmentsOf(path: string): readonly string[] | string {
  const read = readPath(path)
  return read.ok ? read.value.segments : read.failure.reason
}

function canonicalOf(path: string): string {
  const read = readPath(path)
  return read.ok ? read.value.canonical : read.failure.message
}

describe('readPath', () => {
  test.each([
    ['/', ['']],
    ['/api/users', ['api', 'users']],
    ['/api/users/', ['api', 'users', '']],
    ["/a-b_c.d~e!$&'()*+,=:@", ["a-b_c.d~e!$&'()*+,=:@"]],
    ['/caf%C3%A9', ['café']],
    ['/100%25', ['100%']],
    ['/.well', ['.well']],
  ])('a plain path is read: %s', (path, segments) => {
    expect(segmentsOf(path)).toEqual(segments)
  })

  test.each([
    ['an empty segment', '/api//users'],
    ['a leading empty segment', '//api/users'],
    ['a dot', '/api/./users'],
    ['two dots', '/api/../users'],
    ['dots at the end', '/api/..'],
    ['more dots', '/api/.../users'],
    ['encoded dots', '/api/%2e%2E/users'],
    ['half-encoded dots', '/api/.%2e/users'],
    ['an encoded slash', '/api%2fusers'],
    ['an encoded slash in capitals', '/api%2Fusers'],
    ['an encoded backslash', '/api%5cusers'],
    ['a backslash', '/api\\users'],
    ['dots behind an encoded slash', '/api/..%2fusers'],
    ['a path parameter', '/api/users;jsessionid=1'],
    ['a path parameter on dots', '/api/..;/users'],
    ['an encoded semicolon', '/api/users%3bx'],
    ['an encoded question mark', '/api/admin%3fx'],
    ['an encoded hash', '/api/admin%23'],
    ['a question mark encoded twice', '/api/admin%253f'],
    ['a dot at the end of a segment', '/api/admin.'],
    ['an encoded dot at the end of a segment', '/api/admin%2e/x'],
    ['a space at the end of a segment', '/api/admin%20'],
    ['a null byte', '/api/users%00.json'],
    ['a line feed', '/api/users%0a'],
    ['a delete', '/api/users%7f'],
    ['a control character of Latin-1', '/api/users%c2%85'],
    ['a slash encoded twice', '/api%252fusers'],
    ['dots encoded twice', '/api/%252e%252e/users'],
    ['a slash encoded three times', '/api%25252fusers'],
    ['an overlong slash', '/api%c0%afusers'],
    ['bytes that are not UTF-8', '/api/%ff'],
    ['a broken escape', '/api/%zz'],
    ['a cut-off escape', '/api/%2'],
    ['no slash at the beginning', '*'],
  ])('what two programs may read differently is refused: %s', (_name, path) => {
    expect(segmentsOf(path)).toBe('path_ambiguous')
  })

  /** RFC 3986 §6.2.2. An upstream that compares text and one that decodes must come to the same resource. */
  test.each([
    ['letters need no escape', '/%61pi/%75sers', '/api/users'],
    ['escapes are in capitals', '/caf%c3%a9', '/caf%C3%A9'],
    ['delimiters keep their escape', '/a%2bb%3Dc', '/a%2Bb%3Dc'],
    ['what may not stand bare is escaped', '/a|b"{c}', '/a%7Cb%22%7Bc%7D'],
    ['so is what is not ASCII', '/café', '/caf%C3%A9'],
    ['a plain path stays as it is', '/api/users/', '/api/users/'],
  ])('one form is forwarded: %s', (_name, path, canonical) => {
    expect(canonicalOf(path)).toBe(canonical)
  })
})
