import { describe, expect, test } from 'vitest'

import { issuer, newWorld } from '../../support/oauth/world.ts'

const OPENID = '/.well-known/openid-configuration'
const OAUTH = '/.well-known/oauth-authorization-server'

async function expectDescription(path: string): Promise<void> {
  const { send } = await newWorld()
  const { status, headers, body } = await send(path, { headers: { origin: 'https://app.example' } })
  expect(status).toBe(200)
  expect(body).toMatchObject({ issuer, token_endpoint: `${issuer}/oauth/token` })
  expect(headers.get('content-type')).toMatch(/^application\/json/)
  expect(headers.get('access-control-allow-origin')).toBe('*')
  expect(headers.get('access-control-allow-credentials')).toBeNull()
  expect(headers.get('cache-control')).toBe('public, max-age=600')
}

async function expectRefusal(path: string): Promise<void> {
  const { send } = await newWorld()
  expect(await send(`${path}?a=%ff`)).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
}

describe('GET /.well-known/openid-configuration 200', () => {
  test('describes the server to any page, for a while', () => expectDescription(OPENID))

  /** What is named must be there: each endpoint answers in a way that an absent one does not. */
  test('names endpoints that exist', async () => {
    const { send } = await newWorld()
    const { body } = await send(OPENID)
    const paths = Object.entries(body).flatMap(([name, url]) =>
      /_endpoint$|_uri$/.test(name) ? [new URL(String(url)).pathname] : [],
    )
    expect(paths).toHaveLength(10)
    for (const path of paths) {
      const answers = [await send(path), await send(path, { method: 'POST' })]
      expect(answers.some(({ status }) => status !== 404 && status !== 405)).toBe(true)
    }
  })
})

describe('GET /.well-known/openid-configuration 400', () => {
  test('refuses a query that cannot be read', () => expectRefusal(OPENID))
})

describe('GET /.well-known/oauth-authorization-server 200', () => {
  test('describes the server to any page, for a while', () => expectDescription(OAUTH))

  test('says the same as the other document', async () => {
    const { send } = await newWorld()
    expect((await send(OAUTH)).body).toEqual((await send(OPENID)).body)
  })
})

describe('GET /.well-known/oauth-authorization-server 400', () => {
  test('refuses a query that cannot be read', () => expectRefusal(OAUTH))
})
