import { describe, expect, test } from 'vitest'

import { issueLink, linkUrl, readLink } from '../../../src/accounts/e-mail-link.ts'
import { faultOfPassword } from '../../../src/accounts/new-password.ts'
import { resetLinkTtlSeconds } from '../../../src/platform/account-bounds.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { Secret } from '../../../src/platform/secret.ts'

const key = new Uint8Array(32).fill(7)
const nowMs = 1_795_000_000_000
const issued = issueLink('reset_password', key, systemRandom, nowMs)

describe('the token of a link', () => {
  test('leads to the digest that was stored, and is not the digest', () => {
    expect(readLink(issued.token, 'reset_password', key, nowMs)).toEqual({
      ok: true,
      value: issued.link_digest,
    })
    const [, secret = ''] = issued.token.reveal().split('.')
    expect(issued.link_digest).toBe(sha256(secret))
    expect(issued.token.reveal()).not.toContain(issued.link_digest)
  })

  test('works until it expires and no longer', () => {
    const endMs = nowMs + resetLinkTtlSeconds * 1000
    expect(readLink(issued.token, 'reset_password', key, endMs - 1).ok).toBe(true)
    expect(readLink(issued.token, 'reset_password', key, endMs)).toMatchObject({
      failure: { reason: 'link_expired' },
    })
  })

  test('is forged with another purpose, another key, a later expiry, or any letter changed', () => {
    const forged = { ok: false, failure: { reason: 'link_forged' } }
    const text = issued.token.reveal()
    expect(readLink(issued.token, 'verify_email', key, nowMs)).toEqual(forged)
    expect(readLink(issued.token, 'reset_password', new Uint8Array(32), nowMs)).toEqual(forged)
    const later = text.replace(/^\d+/, (expiry) => String(Number(expiry) + 1))
    expect(readLink(new Secret(later), 'reset_password', key, nowMs)).toEqual(forged)
    for (const at of [15, text.length - 1]) {
      const changed = text.slice(0, at) + (text[at] === 'A' ? 'E' : 'A') + text.slice(at + 1)
      expect(readLink(new Secret(changed), 'reset_password', key, nowMs)).toEqual(forged)
    }
  })

  test('stands in the query of an address of the issuer', () => {
    const url = new URL(linkUrl('https://auth.example.com', '/verify-email', issued.token))
    expect(url.origin + url.pathname).toBe('https://auth.example.com/verify-email')
    expect(url.searchParams.get('token')).toBe(issued.token.reveal())
  })
})

describe('a new password', () => {
  const judge = (text: string) => faultOfPassword(new Secret(text), 'Ada.Lovelace@example.com')

  test.each([
    ['1234567', 'too_short'],
    ['🔑🔑🔑🔑🔑🔑🔑', 'too_short'],
    ['QWERTZUIOP', 'too_common'],
    ['ada.lovelace@EXAMPLE.com', 'like_the_address'],
    ['Ada.Lovelace', 'like_the_address'],
  ])('%j is %s', (text, fault) => {
    expect(judge(text)).toBe(fault)
  })

  test.each(['eight ch', 'correct horse battery staple', 'пароль-пароль', 'ada.lovelace.1815'])(
    'may be %j',
    (text) => {
      expect(judge(text)).toBeUndefined()
    },
  )
})
