import { describe, expect, test, vi } from 'vitest'

import { parWorld } from '../../support/oauth/par-world.ts'
import { requestOf } from '../../support/oauth/world.ts'

/** @see RFC 9126 §4 (authorization request) */
describe('RFC 9126 §4, the request that follows', () => {
  test('the client sends its client_id and the request_uri, and gets its answer', async () => {
    const { pushed, visit } = await parWorld()
    const { location } = await visit(await pushed())
    expect(location.searchParams.has('code')).toBe(true)
  })

  test('the server SHOULD treat request_uri values as of one use', async () => {
    const { pushed, visit } = await parWorld()
    const request_uri = await pushed()
    await visit(request_uri)
    expect((await visit(request_uri)).location.searchParams.has('code')).toBe(false)
  })

  test('it MAY allow for a person who reloads: visits before the end spend nothing', async () => {
    const { pushed, visit, authorize } = await parWorld()
    const request_uri = await pushed()
    await authorize({ client_id: 'app', request_uri })
    await authorize({ client_id: 'app', request_uri })
    expect((await visit(request_uri)).location.searchParams.has('code')).toBe(true)
  })

  test('an expired request_uri MUST be refused as invalid', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const { pushed, visit } = await parWorld()
    const request_uri = await pushed()
    vi.setSystemTime(Date.now() + 61_000)
    const answer = await visit(request_uri)
    vi.useRealTimers()
    expect([answer.status, answer.location.searchParams.has('code')]).toEqual([400, false])
  })
})

/** @see RFC 9126 §5 (server metadata), §6 (client metadata) */
describe('RFC 9126 §5 and §6, metadata', () => {
  test('the endpoint is named, and pushing is not required of everybody', async () => {
    const { send } = await parWorld()
    const { body } = await send('/.well-known/oauth-authorization-server')
    expect(body.pushed_authorization_request_endpoint).toMatch(/\/oauth\/par$/)
    expect(body.require_pushed_authorization_requests).toBe(false)
  })

  test('of a client that registered require_pushed_authorization_requests only pushed requests are taken', async () => {
    const { pushed, visit, authorize, app, cookie } = await parWorld({
      require_pushed_authorization_requests: true,
    })
    expect((await authorize(requestOf(app), cookie)).location.searchParams.has('code')).toBe(false)
    expect((await visit(await pushed())).location.searchParams.has('code')).toBe(true)
  })
})
