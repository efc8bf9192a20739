import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test } from 'vitest'

import { accountStore } from '../../../src/accounts/account.store.ts'
import { factorStore } from '../../../src/accounts/factor.store.ts'
import { passkeyStore } from '../../../src/accounts/passkey.store.ts'
import { sessionStore } from '../../../src/accounts/session.store.ts'
import { openDb } from '../../../src/db/client.ts'
import { passkeysMax } from '../../../src/platform/factor-bounds.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { person } from '../../support/people/cast.ts'

const NOW = 1_800_000_000
const app = { account_id: 'alice', factor_id: 'f1', secret_sealed: 'sealed', last_step: 10, created_at: NOW }
const db = openDb(env.DB)
const factors = factorStore(db)
const passkeys = passkeyStore(db)

function passkeyOf(account_id: string, credential_id: string, created_at = NOW) {
  return { credential_id, account_id, name: 'Key', public_key: 'cose', counter: 0, created_at, used_at: null }
}

beforeEach(async () => {
  await person('alice')
  await person('bob')
})

/** What somebody who comes with a session, or with an address and a password, is asked for. */
async function asked(account_id: string) {
  const sessions = sessionStore(db, systemRandom)
  const { cookieValue } = await sessions.start({ account_id, amr: ['pwd'] }, NOW * 1000)
  const visitor = await sessions.findWithAccount(cookieValue, NOW * 1000)
  const found = await accountStore(db).findByEmail(`${account_id}@example.com`)
  return [visitor?.account.has_second_factor, found?.account.has_second_factor]
}

describe('an account', () => {
  test('has a second factor from the first one on, until the last one is gone; and others have none of it', async () => {
    expect(await asked('alice')).toEqual([false, false])
    await factors.addTotp(app)
    expect(await asked('alice')).toEqual([true, true])
    await passkeys.add(passkeyOf('alice', 'c1'))
    await factors.removeTotp('alice')
    expect(await asked('alice')).toEqual([true, true])
    expect(await asked('bob')).toEqual([false, false])
    await passkeys.remove({ account_id: 'alice', credential_id: 'c1' })
    expect(await asked('alice')).toEqual([false, false])
  })

  test('takes one app and keeps the first', async () => {
    expect(await factors.addTotp(app)).toBe(true)
    expect(await factors.addTotp({ ...app, factor_id: 'f2' })).toBe(false)
    expect(await factors.findTotp('alice')).toEqual(app)
  })
})

describe('the code of a time step', () => {
  test('counts once, and none before it counts after it', async () => {
    await factors.addTotp(app)
    expect(await factors.spendStep(app, 10)).toBe(false)
    expect(await factors.spendStep(app, 12)).toBe(true)
    expect(await factors.spendStep(app, 12)).toBe(false)
    expect(await factors.spendStep(app, 11)).toBe(false)
    expect(await factors.spendStep(app, 13)).toBe(true)
  })

  test('counts for one of fifty who bring it at the same time', async () => {
    await factors.addTotp(app)
    const answers = await Promise.all(Array.from({ length: 50 }, () => factors.spendStep(app, 11)))
    expect(answers.filter(Boolean)).toHaveLength(1)
  })
})

describe('recovery codes', () => {
  test('count once each, for their account, until new ones are made', async () => {
    await factors.addTotp(app)
    await factors.replaceRecoveryCodes('alice', ['d1', 'd2'], NOW)
    expect(await factors.spendRecoveryCode('bob', 'd1')).toBe(false)
    expect(await factors.spendRecoveryCode('alice', 'd1')).toBe(true)
    expect(await factors.spendRecoveryCode('alice', 'd1')).toBe(false)
    await factors.replaceRecoveryCodes('alice', ['d3'], NOW)
    expect(await factors.spendRecoveryCode('alice', 'd2')).toBe(false)
    expect(await factors.countRecoveryCodes('alice')).toBe(1)
  })

  test('go with the last factor, and not before', async () => {
    await factors.addTotp(app)
    await passkeys.add(passkeyOf('alice', 'c1'))
    await factors.replaceRecoveryCodes('alice', ['d1'], NOW)
    await factors.removeTotp('alice')
    expect(await factors.countRecoveryCodes('alice')).toBe(1)
    await passkeys.remove({ account_id: 'alice', credential_id: 'c1' })
    expect(await factors.countRecoveryCodes('alice')).toBe(0)
  })
})

describe('a passkey', () => {
  test('stays whose it is: nobody else can add, rename or remove it', async () => {
    expect(await passkeys.add(passkeyOf('alice', 'c1'))).toBe(true)
    expect(await passkeys.add(passkeyOf('bob', 'c1'))).toBe(false)
    expect(await passkeys.rename({ account_id: 'bob', credential_id: 'c1', name: 'Mine' })).toBe(false)
    expect(await passkeys.remove({ account_id: 'bob', credential_id: 'c1' })).toBeUndefined()
    expect(await passkeys.list('alice')).toEqual([passkeyOf('alice', 'c1')])
    expect(await passkeys.list('bob')).toEqual([])
  })

  test('is used with a counter that grows, or that is nought each time', async () => {
    await passkeys.add(passkeyOf('alice', 'c1'))
    const use = (counter: number) => passkeys.use('c1', counter, NOW * 1000)
    expect([await use(0), await use(0), await use(7), await use(7), await use(6), await use(0)]).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ])
    expect(await passkeys.find('c1')).toMatchObject({ counter: 7, used_at: NOW })
  })

  test(`is one of at most ${passkeysMax} of an account`, async () => {
    for (let at = 0; at < passkeysMax; at += 1) await passkeys.add(passkeyOf('alice', `c${at}`, NOW + at))
    expect(await passkeys.add(passkeyOf('alice', 'more'))).toBe(false)
    expect(await passkeys.list('alice')).toHaveLength(passkeysMax)
    expect(await passkeys.add(passkeyOf('bob', 'more'))).toBe(true)
  })
})

describe('a challenge', () => {
  test('is answered once, and forgotten when nobody could answer it any more', async () => {
    expect(await passkeys.spendChallenge('c', NOW)).toBe(true)
    expect(await passkeys.spendChallenge('c', NOW)).toBe(false)
    await passkeys.sweep((NOW - 1) * 1000)
    expect(await passkeys.spendChallenge('c', NOW)).toBe(false)
    await passkeys.sweep(NOW * 1000)
    expect(await passkeys.spendChallenge('c', NOW)).toBe(true)
  })
})
