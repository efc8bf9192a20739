import { afterEach, describe, expect, test, vi } from 'vitest'

import { authorizeBodyBytesMax } from '../../../src/platform/bounds.ts'
import { circumstances, guide, ofAlice, ofService, policyDoor } from '../../support/policy/door.ts'
import { TOKEN_CHALLENGES, NOW, tokenWith, withBearer } from '../../support/signing/door.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('POST /v1/authorize 200', () => {
  test('allows what the guide asks, with and without circumstances, and names the policy and the version', async () => {
    const { ask } = await policyDoor()
    const version: unknown = expect.stringMatching(/^[\w-]{43}$/)
    for (const body of [guide, { ...guide, context: {} }, { ...guide, context: circumstances }]) {
      const { status, headers, body: answer } = await ask(ofAlice, body)
      expect({ status, cache: headers.get('cache-control'), type: headers.get('content-type') }).toEqual({
        status: 200,
        cache: 'no-store',
        type: 'application/json',
      })
      expect(answer).toEqual({
        decision: 'Allow',
        policy_version: version,
        determining_policies: ['alice-reads-the-confidential-report'],
        errors: [],
      })
    }
  })

  test('denies the same to mallory, as an answer and not as an error', async () => {
    const { ask } = await policyDoor()
    const mallory = { ...guide, principal: { type: 'User', id: 'mallory' }, context: circumstances }
    expect(await ask(ofService, mallory)).toMatchObject({
      status: 200,
      body: { decision: 'Deny', determining_policies: [], errors: [] },
    })
    expect(await ask({ ...ofAlice, sub: 'mallory' }, mallory)).toMatchObject({ body: { decision: 'Deny' } })
  })

  test('answers a client with the scope authorize about anyone', async () => {
    const { ask } = await policyDoor()
    expect(await ask(ofService, guide)).toMatchObject({ status: 200, body: { decision: 'Allow' } })
  })

  test('says which forbid outweighed the permits', async () => {
    const { ask } = await policyDoor()
    const write = {
      ...guide,
      action: { type: 'Action', id: 'write' },
      resource: { type: 'document', id: 'handbook.pdf' },
    }
    expect(await ask(ofAlice, { ...write, context: circumstances })).toMatchObject({
      body: { decision: 'Allow' },
    })
    expect(await ask(ofAlice, { ...write, context: { ip_address: '203.0.113.9' } })).toMatchObject({
      status: 200,
      body: { decision: 'Deny', determining_policies: ['changes-come-from-the-office'] },
    })
  })

  /** In workerd a policy text of 400 characters kills the instance for everybody in the isolate. */
  test('decides as before when the instance has died in between', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { ask, instances } = await policyDoor()
    await ask(ofAlice, guide)
    const staticPolicies = `permit (principal, action, resource) when { ${'('.repeat(200)}1==1${')'.repeat(200)} };`
    expect(() => instances[0]?.call('checkParsePolicySet', { staticPolicies })).toThrow(
      /out of bounds|call stack/,
    )
    expect(await ask(ofAlice, guide)).toMatchObject({ status: 200, body: { decision: 'Allow', errors: [] } })
    expect(instances).toHaveLength(2)
  })

  test('denies and says so while the policies cannot be evaluated', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { ask } = await policyDoor({ schema: '', files: [{ name: 'broken.cedar', text: 'permit' }] })
    expect(await ask(ofService, guide)).toMatchObject({
      status: 200,
      body: { decision: 'Deny', determining_policies: [], errors: [{ code: 'policy_unavailable' }] },
    })
  })
})

describe('POST /v1/authorize 401', () => {
  test('for nobody, and nothing is decided', async () => {
    const { post, instances } = await policyDoor()
    const answer = await post(JSON.stringify(guide), {})
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'credentials_missing' } } })
    expect(answer.headers.get('www-authenticate')).toBe(TOKEN_CHALLENGES)
    expect(instances).toHaveLength(0)
  })

  test.each([
    ['an expired token', { exp: NOW }, 'token_expired'],
    ['a token for another audience', { aud: 'https://api.example' }, 'token_invalid'],
    ['a token of another issuer', { iss: 'https://other.example' }, 'token_invalid'],
  ])('for %s, and nothing is decided', async (_name, changes, code) => {
    const { ask, instances } = await policyDoor()
    expect(await ask({ ...ofAlice, ...changes }, guide)).toMatchObject({
      status: 401,
      body: { error: { code } },
    })
    expect(instances).toHaveLength(0)
  })

  test('for a token of a grant that has ended, and for credentials that cannot be read', async () => {
    const { ask, post, revoked, instances } = await policyDoor()
    revoked.add('grant grant-1')
    expect(await ask(ofAlice, guide)).toMatchObject({
      status: 401,
      body: { error: { code: 'token_revoked' } },
    })
    expect(await post(JSON.stringify(guide), { authorization: 'Bearer a b' })).toMatchObject({
      status: 401,
      body: { error: { code: 'credentials_malformed' } },
    })
    expect(instances).toHaveLength(0)
  })
})

describe('POST /v1/authorize 403', () => {
  test('for a person who asks about somebody else, whatever the scope, and nothing is decided', async () => {
    const { ask, instances } = await policyDoor()
    const answer = await ask({ ...ofAlice, sub: 'mallory', scope: 'openid authorize' }, guide)
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'principal_forbidden' } } })
    expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"')
    expect(instances).toHaveLength(0)
  })

  test('for a client without the scope authorize, and nothing is decided', async () => {
    const { ask, instances } = await policyDoor()
    const answer = await ask({ ...ofService, scope: 'read manage' }, guide)
    expect(answer).toMatchObject({
      status: 403,
      body: { error: { code: 'scope_insufficient', details: { scope: 'authorize' } } },
    })
    expect(answer.headers.get('www-authenticate')).toContain('scope="authorize"')
    expect(instances).toHaveLength(0)
  })
})

describe('POST /v1/authorize 413', () => {
  test('for a body over its bound, declared or not', async () => {
    const { ask, instances } = await policyDoor()
    const body = { ...guide, context: { time: 'x'.repeat(authorizeBodyBytesMax) } }
    expect(await ask(ofService, body)).toMatchObject({
      status: 413,
      body: { error: { code: 'body_too_large' } },
    })
    expect(instances).toHaveLength(0)
  })
})

describe('POST /v1/authorize 415', () => {
  test('for a form', async () => {
    const { post, keyRing, instances } = await policyDoor()
    const headers = withBearer(await tokenWith(keyRing, ofService))
    const answer = await post('principal=alice', {
      ...headers,
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(answer).toMatchObject({ status: 415, body: { error: { code: 'media_type_unsupported' } } })
    expect(instances).toHaveLength(0)
  })
})
