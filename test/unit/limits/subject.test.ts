import { describe, expect, test } from 'vitest'

import { subjectName, type LimitSubject } from '../../../src/limits/subject.ts'

describe('the name of a subject', () => {
  test('is the same for equal subjects and says what kind it is', () => {
    const subject: LimitSubject = { kind: 'caller', client_id: 'spa', sub: 'alice' }
    expect(subjectName(subject)).toBe('caller:spa:alice')
    expect(subjectName({ ...subject })).toBe(subjectName(subject))
  })

  /** Somebody who picks a client_id or types an e-mail address must not reach, or fill, another's count. */
  test('differs for different subjects, also where parts hold what separates or marks parts', () => {
    const digestLike = `#${'A'.repeat(43)}`
    const subjects: readonly LimitSubject[] = [
      { kind: 'caller', client_id: 'a', sub: 'b:c' },
      { kind: 'caller', client_id: 'a:b', sub: 'c' },
      { kind: 'caller', client_id: 'a', sub: 'b' },
      { kind: 'caller', client_id: 'ab', sub: '' },
      { kind: 'caller', client_id: '', sub: 'ab' },
      { kind: 'token_grant', client_id: 'a', grant: 'b' },
      { kind: 'token_client', client_id: 'a:b' },
      { kind: 'token_client', client_id: 'a%3Ab' },
      { kind: 'key', key_id: 'a:b' },
      { kind: 'key', key_id: digestLike },
      { kind: 'key', key_id: digestLike.slice(1) },
      { kind: 'sign_in', account: 'a@example.com', address: '203.0.113.1' },
      { kind: 'sign_in', account: 'A@example.com', address: '203.0.113.1' },
      { kind: 'sign_in', account: 'a@example.com', address: '2001:db8:0:1::/64' },
      { kind: 'sign_in_address', address: '203.0.113.1' },
      { kind: 'registration', address: '203.0.113.1' },
      { kind: 'client_authentication', client_id: 'a', address: '203.0.113.1' },
      { kind: 'revocation', client_id: 'a', address: '203.0.113.1' },
    ]
    expect(new Set(subjects.map(subjectName)).size).toBe(subjects.length)
  })

  test('stays bounded and plain, however long and strange its parts are', () => {
    const long = '\u{1f511}\n'.repeat(100_000)
    const name = subjectName({ kind: 'client_authentication', client_id: long, address: `${long}x` })
    expect(name).toMatch(/^client_authentication:#[\w-]{43}:#[\w-]{43}$/)
  })

  test('keeps two long parts apart that begin alike', () => {
    const long = 'k'.repeat(65)
    expect(subjectName({ kind: 'key', key_id: `${long}1` })).not.toBe(
      subjectName({ kind: 'key', key_id: `${long}2` }),
    )
  })
})
