import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { accountManagementRoutes } from '../../../src/accounts/account.route.ts'
import { accountStore } from '../../../src/accounts/account.store.ts'
import { hashPassword, verifyPassword } from '../../../src/accounts/password.ts'
import { openDb } from '../../../src/db/client.ts'
import { oauthBodyBytesMax, passwordCharactersMax } from '../../../src/platform/bounds.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { Secret } from '../../../src/platform/secret.ts'
import { json } from '../../support/clients/door.ts'
import { door, foundation, NOW, tokenWith, withBearer } from '../../support/signing/door.ts'

const PERSON = { email: 'Ada@Example.com', password: 'difference engine', claims: { name: 'Ada' } }

async function withOperator() {
  const { bearer, keyRing } = await foundation()
  const accounts = accountStore(openDb(env.DB))
  const routes = accountManagementRoutes({ bearer, accounts, random: systemRandom, hashPassword })
  const call = door(routes)
  const operator = withBearer(await tokenWith(keyRing, {}))
  return {
    call,
    keyRing,
    accounts,
    create: (body: object) => call('POST', '/v1/accounts', json(body, operator)),
    operator,
  }
}

async function accountCount() {
  return env.DB.prepare('SELECT count(*) AS n FROM accounts').first('n')
}

describe('POST /v1/accounts 201', () => {
  test('makes a person who can sign in with the password, and answers nothing of it', async () => {
    const { create, accounts } = await withOperator()
    const { status, body } = await create(PERSON)
    expect({ status, email: body.email, created_at: body.created_at }).toEqual({
      status: 201,
      email: 'ada@example.com',
      created_at: NOW,
    })
    expect(JSON.stringify(body)).not.toContain('difference')
    const found = await accounts.findByEmail('ada@example.com')
    expect(found?.account).toMatchObject({
      account_id: body.account_id,
      email_verified: false,
      claims: { name: 'Ada' },
    })
    expect(found?.account.vault_id).toMatch(/^[\w-]{22}$/)
    expect(await verifyPassword(new Secret(PERSON.password), found?.password_phc)).toBe(true)
  })
})

describe('POST /v1/accounts 400', () => {
  test.each<[string, object, string]>([
    ['no e-mail address', { password: 'long enough' }, '/body/email'],
    ['what is no e-mail address', { ...PERSON, email: 'ada' }, '/body/email'],
    ['a short password', { ...PERSON, password: '1234567' }, '/body/password'],
    [
      'a password that is too long',
      { ...PERSON, password: 'x'.repeat(passwordCharactersMax + 1) },
      '/body/password',
    ],
    ['a claim of the wrong type', { ...PERSON, claims: { name: 7 } }, '/body/claims/name'],
    ['a member that is not known', { ...PERSON, account_id: 'alice' }, '/body'],
  ])('for %s, points at it, and makes nobody', async (_name, body, pointer) => {
    const { create } = await withOperator()
    expect(await create(body)).toMatchObject({
      status: 400,
      body: { error: { code: 'request_malformed', details: { faults: [{ pointer }] } } },
    })
    expect(await accountCount()).toBe(0)
  })
})

describe('POST /v1/accounts 401', () => {
  test('nobody makes one without a token', async () => {
    const { call } = await withOperator()
    expect(await call('POST', '/v1/accounts', json(PERSON))).toMatchObject({ status: 401 })
    expect(await accountCount()).toBe(0)
  })
})

describe('POST /v1/accounts 403', () => {
  test('nor with a token for something else', async () => {
    const { call, keyRing } = await withOperator()
    const other = withBearer(await tokenWith(keyRing, { scope: 'read write' }))
    expect(await call('POST', '/v1/accounts', json(PERSON, other))).toMatchObject({
      status: 403,
      body: { error: { code: 'scope_insufficient' } },
    })
    expect(await accountCount()).toBe(0)
  })
})

describe('POST /v1/accounts 409', () => {
  test('an address is somebody’s once, however it is written, and the first password stays', async () => {
    const { create, accounts } = await withOperator()
    await create(PERSON)
    const again = await create({ ...PERSON, email: 'ADA@example.com', password: 'somebody else' })
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'account_exists' } } })
    const found = await accounts.findByEmail('ada@example.com')
    expect(await verifyPassword(new Secret(PERSON.password), found?.password_phc)).toBe(true)
    expect(await accountCount()).toBe(1)
  })
})

describe('POST /v1/accounts 413', () => {
  test('a body over its bound makes nobody', async () => {
    const { create } = await withOperator()
    expect(await create({ ...PERSON, email: 'x'.repeat(oauthBodyBytesMax) })).toMatchObject({ status: 413 })
    expect(await accountCount()).toBe(0)
  })
})

describe('POST /v1/accounts 415', () => {
  test('a form makes nobody', async () => {
    const { call, operator } = await withOperator()
    const headers = { ...operator, 'content-type': 'application/x-www-form-urlencoded' }
    expect(await call('POST', '/v1/accounts', { headers, body: 'email=a%40b.example' })).toMatchObject({
      status: 415,
    })
    expect(await accountCount()).toBe(0)
  })
})
