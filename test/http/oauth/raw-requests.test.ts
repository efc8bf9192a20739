import { connect } from 'node:net'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { assert } from '../../../src/platform/assert.ts'
import { oauthBodyBytesMax } from '../../../src/platform/bounds.ts'
import { newSender } from '../../support/flows/sender.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'

let started: TestServer | undefined

beforeAll(async () => {
  started = await startTestServer()
})

afterAll(async () => {
  await started?.close()
})

function serverOf(): TestServer {
  assert(started !== undefined, 'the server has started')
  return started
}

/** Writes bytes to the socket as they are and reads until the server closes, which it is asked to. */
async function speak(lines: readonly string[], body = ''): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const socket = connect(Number(new URL(serverOf().url).port), '127.0.0.1')
  let heard = ''
  socket.on('data', (bytes) => {
    heard += bytes.toString('latin1')
  })
  socket.on('close', () => resolve(heard))
  socket.on('error', reject)
  socket.end(`${[...lines, 'connection: close', '', ''].join('\r\n')}${body}`)
  return promise
}

const FORM = 'content-type: application/x-www-form-urlencoded'

describe('headers that somebody made up', () => {
  /** The issuer comes from the settings; a proxy, or an attacker with a cache in between, cannot name another. */
  test.each([
    ['Host', 'host: evil.example'],
    ['X-Forwarded-Host', 'host: localhost\r\nx-forwarded-host: evil.example'],
    ['Forwarded', 'host: localhost\r\nforwarded: host=evil.example;proto=http'],
    ['X-Original-URL', 'host: localhost\r\nx-original-url: /evil'],
  ])('%s does not move the endpoints', async (_, header) => {
    const answer = await speak(['GET /.well-known/openid-configuration HTTP/1.1', header])
    expect(answer).toMatch(/^HTTP\/1\.1 200/)
    expect(answer).not.toContain('evil')
  })

  test('a method in X-HTTP-Method-Override is not another method', async () => {
    const answer = await speak([
      'GET /oauth/token HTTP/1.1',
      'host: localhost',
      'x-http-method-override: POST',
    ])
    expect(answer).toMatch(/^HTTP\/1\.1 405/)
  })

  test('two Authorization headers authenticate nobody', async () => {
    const { client_id, client_secret } = serverOf().demo.service
    const basic = `authorization: Basic ${btoa(`${client_id}:${client_secret}`)}`
    const body = 'grant_type=client_credentials'
    const start = ['POST /oauth/token HTTP/1.1', 'host: localhost', FORM, `content-length: ${body.length}`]
    expect(await speak([...start, basic], body)).toMatch(/^HTTP\/1\.1 200/)
    expect(await speak([...start, basic, 'authorization: Basic eDp5'], body)).toMatch(/^HTTP\/1\.1 401/)
  })

  test('a request id that the caller made up is not ours', async () => {
    const { headers } = await newSender(serverOf().url)('/oauth/userinfo', {
      headers: { 'x-request-id': 'made-up' },
    })
    expect(headers.get('x-request-id')).toMatch(/^req_/)
  })
})

describe('bodies', () => {
  test('that grow while they are read stop at the bound', async () => {
    const chunk = 'x'.repeat(0x4000)
    const chunks = Math.ceil(oauthBodyBytesMax / chunk.length) + 1
    const body = `${`${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(chunks)}0\r\n\r\n`
    const start = ['POST /oauth/token HTTP/1.1', 'host: localhost', FORM, 'transfer-encoding: chunked']
    const answer = await speak(start, body)
    expect(answer).toMatch(/^HTTP\/1\.1 400/)
    expect(answer).toContain(`larger than ${oauthBodyBytesMax} bytes`)
  })

  test('that are not UTF-8 are refused', async () => {
    const { status, body } = await newSender(serverOf().url)('/oauth/token', {
      method: 'POST',
      body: new Uint8Array([0x67, 0x3d, 0xc3, 0x28]),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_request' })
  })

  test('of a form may say in which character set they are', async () => {
    const { client_id, client_secret } = serverOf().demo.service
    const answer = await newSender(serverOf().url)('/oauth/token', {
      method: 'POST',
      body: `grant_type=client_credentials&client_id=${client_id}&client_secret=${client_secret}`,
      headers: { 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=utf-8' },
    })
    expect(answer.status).toBe(200)
  })
})

/** Nothing is found under a second spelling of its path, where a rule in front might not look. */
describe('paths', () => {
  test.each([
    '//oauth/token',
    '/oauth//token',
    '/oauth/token/',
    '/OAuth/Token',
    '/oauth%2ftoken',
    '/oauth/%74oken%00',
    '/oauth/token;x=1',
    '/oauth/.well-known/openid-configuration',
    '/.well-known/openid-configuration/',
  ])('%s is not an endpoint', async (path) => {
    const answer = await speak([`GET ${path} HTTP/1.1`, 'host: localhost'])
    expect(answer).toMatch(/^HTTP\/1\.1 (400|404)/)
    expect(answer).toMatch(/x-request-id: req_/i)
    expect(answer).not.toContain('access_token')
  })
})

describe('a flood of parameters', () => {
  test('never makes the server fail', async () => {
    const send = newSender(serverOf().url)
    const awkward = [
      '',
      '\0',
      '%',
      '+',
      '{}',
      '[]',
      '__proto__',
      'constructor',
      '☃',
      '\u2028',
      'a'.repeat(2_000),
    ]
    const names = [
      'grant_type',
      'client_id',
      'client_secret',
      'code',
      'redirect_uri',
      'code_verifier',
      'refresh_token',
    ]
    for (const value of awkward) {
      for (const name of [...names, 'scope', 'token', 'api_key', '__proto__']) {
        const fields = new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: 'spa',
          [name]: value,
        })
        for (const path of [
          '/oauth/token',
          '/auth/token',
          '/oauth/introspect',
          '/oauth/revoke',
          '/oauth/userinfo',
        ]) {
          const { status } = await send(path, { method: 'POST', body: fields })
          expect({ path, name, value, isFailure: status >= 500 }).toMatchObject({ isFailure: false })
        }
      }
    }
  })

  test('never makes the authorization endpoint fail', async () => {
    const send = newSender(serverOf().url)
    const { client_id, redirect_uri } = serverOf().demo.spa
    const challenge = { code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' }
    const inOrder = { response_type: 'code', client_id, redirect_uri, ...challenge }
    const awkward = [
      '',
      '\0',
      '%',
      '{}',
      '__proto__',
      '☃',
      '\u2028',
      '\ud800',
      '-1',
      '1e9',
      'a'.repeat(2_000),
    ]
    const names = [
      'response_type',
      'scope',
      'state',
      'nonce',
      'prompt',
      'max_age',
      'code_challenge',
      'id_token_hint',
    ]
    for (const value of awkward) {
      for (const name of [...names, 'client_id', 'redirect_uri', 'code_challenge_method', 'requested_at']) {
        const query = new URLSearchParams({ ...inOrder, [name]: value })
        const { status } = await send(`/oauth/authorize?${query.toString()}`)
        expect({ name, value, status }).toMatchObject({
          status: expect.toSatisfy((it) => it === 303 || it === 400),
        })
      }
    }
  })
})
