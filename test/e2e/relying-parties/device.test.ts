import { execFile } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { signInOnDevice, type Outcome } from '../../../examples/device/device-sign-in.ts'
import { root } from '../../../scripts/root.ts'
import { decideOnDevice } from '../../support/flows/device.ts'
import { bearer, json, newSender } from '../../support/flows/sender.ts'
import type { Send } from '../../support/oauth/answer.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'

const grant_types = ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token']
const scope = 'openid profile'
const intervalMs = 5_000

let server: TestServer
let send: Send
let client_id: string

beforeAll(async () => {
  server = await startTestServer()
  send = newSender(server.url)
  const metadata = { client_name: 'Television', token_endpoint_auth_method: 'none', grant_types, scope }
  const { body } = await send('/oauth/register', json({ ...metadata, redirect_uris: [], response_types: [] }))
  client_id = String(body['client_id'])
})

afterAll(() => server.close())

/** The program of `examples/device/`. Its person decides during the first wait that is as long as `decidesAtMs`. */
async function signInWhere(decision: 'allow' | 'deny', decidesAtMs = intervalMs) {
  const waits: number[] = []
  let link = ''
  const outcome = await signInOnDevice({
    issuer: server.url,
    client_id,
    scope,
    show: ({ verification_uri_complete }) => (link = verification_uri_complete),
    wait: async (ms) => {
      waits.push(ms)
      if (ms < decidesAtMs) return
      await Promise.all([decideOnDevice(send, link, server.demo.user, decision), wait(ms)])
    },
  })
  return { outcome, waits }
}

function tokenOf(outcome: Outcome): string {
  return outcome.ok ? outcome.access_token : outcome.error
}

describe('a program that knows RFC 8628 alone', () => {
  test('is let in by the person, and gets a token that works', async () => {
    const { outcome, waits } = await signInWhere('allow')
    expect(waits).toEqual([intervalMs])
    const { status, body } = await send('/oauth/userinfo', bearer(tokenOf(outcome)))
    expect({ status, body }).toMatchObject({ status: 200, body: { name: 'Alice Wonder' } })
  })

  test('hears that the person declined', async () => {
    const { outcome } = await signInWhere('deny')
    expect(outcome).toEqual({ ok: false, error: 'access_denied' })
  })

  test('that does not wait between two requests is told to slow down, does so, and still gets its token', async () => {
    const { outcome, waits } = await signInWhere('allow', 2 * intervalMs)
    expect(waits).toEqual([intervalMs, intervalMs, 2 * intervalMs])
    expect((await send('/oauth/userinfo', bearer(tokenOf(outcome)))).status).toBe(200)
  })

  test('runs as it is in examples/device', async () => {
    const program = join(root, 'examples/device/main.ts')
    const running = promisify(execFile)(process.execPath, [program, client_id, server.url])
    const shown = new Promise<string>((resolve) => running.child.stdout?.once('data', resolve))
    const [link = ''] = /http\S+user_code=\S+/.exec(await shown) ?? []
    await decideOnDevice(send, link, server.demo.user, 'allow')
    expect((await running).stdout.trim().split('\n').at(-1)).toBe('signed in')
  })
})

describe('openid-client on a device', () => {
  async function begin() {
    const options = { execute: [client.allowInsecureRequests] }
    const config = await client.discovery(new URL(server.url), client_id, undefined, client.None(), options)
    return { config, begun: await client.initiateDeviceAuthorization(config, { scope }) }
  }

  test('is let in by the person, reads the ID token, and refreshes', async () => {
    const { config, begun } = await begin()
    await decideOnDevice(send, begun.verification_uri_complete ?? '', server.demo.user, 'allow')
    const tokens = await client.pollDeviceAuthorizationGrant(config, begun)
    expect(tokens.claims()).toMatchObject({ iss: server.url, sub: 'alice', aud: client_id })
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
    expect(await client.fetchUserInfo(config, renewed.access_token, 'alice')).toHaveProperty('name')
  })

  test('hears that the person declined', async () => {
    const { config, begun } = await begin()
    await decideOnDevice(send, begun.verification_uri_complete ?? '', server.demo.user, 'deny')
    await expect(client.pollDeviceAuthorizationGrant(config, begun)).rejects.toMatchObject({
      error: 'access_denied',
    })
  })
})
