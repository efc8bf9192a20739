import { describe, expect, test } from 'vitest'

import {
  clearSessionCookie,
  readSessionCookie,
  writeSessionCookie,
} from '../../../src/accounts/session-cookie.ts'
import { randomSecret, systemRandom } from '../../../src/platform/random.ts'
import { Secret } from '../../../src/platform/secret.ts'

const VALUE = randomSecret(systemRandom)
const NAME = '__Host-gatewright_session'

function read(cookie: string): string | undefined {
  return readSessionCookie(new Headers({ cookie }))?.reveal()
}

describe('the session cookie', () => {
  test('cannot be read by a script, sent in clear, set by another host, or carried by a foreign form', () => {
    const headers = new Headers()
    writeSessionCookie(headers, new Secret(VALUE))
    const [pair, ...attributes] = (headers.get('set-cookie') ?? '').split('; ')
    expect(pair).toBe(`${NAME}=${VALUE}`)
    expect(attributes).toEqual(['Path=/', 'Secure', 'HttpOnly', 'SameSite=Lax', 'Max-Age=43200'])
  })

  test('is added beside other cookies of the same answer', () => {
    const headers = new Headers({ 'set-cookie': 'form=1' })
    writeSessionCookie(headers, new Secret(VALUE))
    clearSessionCookie(headers)
    expect(headers.getSetCookie()).toHaveLength(3)
  })

  test('is cleared with the attributes that it was set with, or the browser would keep it', () => {
    const headers = new Headers()
    clearSessionCookie(headers)
    expect(headers.get('set-cookie')).toBe(`${NAME}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`)
  })

  test('is found among others', () => {
    expect(read(`a=1; ${NAME}=${VALUE}; b=2`)).toBe(VALUE)
    expect(read(`${NAME}=${VALUE}`)).toBe(VALUE)
  })

  test.each([
    ['there is none', 'a=1'],
    ['its name only resembles ours', `x${NAME}=${VALUE}`],
    [
      'its name is in another case, which skips the browser’s check of the prefix',
      `__host-gatewright_session=${VALUE}`,
    ],
    ['it comes twice', `${NAME}=${VALUE}; ${NAME}=${VALUE}`],
    ['it is not one of ours', `${NAME}=admin`],
    ['it is longer than ours', `${NAME}=${VALUE}x`],
    ['it is quoted', `${NAME}="${VALUE}"`],
    ['it is empty', `${NAME}=`],
  ])('is not there when %s', (_name, cookie) => {
    expect(read(cookie)).toBeUndefined()
  })
})
