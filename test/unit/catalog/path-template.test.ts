import { describe, expect, test } from 'vitest'

import { readTemplate } from '../../../src/catalog/path-template.ts'

function messageFor(path: string): string {
  const read = readTemplate(path)
  return read.ok ? 'no fault' : read.failure.message
}

describe('readTemplate', () => {
  test('a parameter is a whole segment, everything else is met as text', () => {
    expect(readTemplate('/users/{id}/posts')).toEqual({
      ok: true,
      value: [
        { kind: 'literal', text: 'users' },
        { kind: 'parameter', name: 'id' },
        { kind: 'literal', text: 'posts' },
      ],
    })
  })

  test.each([
    ['users', 'must begin with a slash'],
    ['/users/', 'must not have an empty segment'],
    ['/users/:id', 'must write a parameter as a whole segment'],
    ['/users/*', 'must write a parameter as a whole segment'],
    ['/users/{id}.json', 'must write a parameter as a whole segment'],
    ['/users/{}', 'must write a parameter as a whole segment'],
    ['/{a}/{a}', 'must not name two parameters alike'],
    ['/users//x', 'must not have an empty segment'],
    ['/users/../x', 'must be a plain path'],
    ['/%75sers', 'must be in normal form: users in place of %75sers'],
    [`/${'a/'.repeat(40)}a`, 'must have at most 32 segments'],
  ])('a template that nobody could mean is refused: %s', (path, message) => {
    expect(messageFor(path)).toContain(message)
  })

  /** Our own doors are asked first, so such a route would be published and never reached. */
  test.each(['/oauth/extra', '/v1/users', '/.well-known/x', '/sign-in', '/healthz', '/clients/{id}'])(
    'nothing is published below a door of ours: %s',
    (path) => {
      expect(messageFor(path)).toContain('which is ours')
    },
  )

  test('a first parameter is a template like any other', () => {
    expect(messageFor('/{tenant}/users')).toBe('no fault')
  })
})
