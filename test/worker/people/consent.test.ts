import { afterEach, describe, expect, test, vi } from 'vitest'

import { consentPage } from '../../../src/people/consent/consent.page.tsx'
import { clientAgeMaxMs, formTtlSeconds } from '../../../src/platform/bounds.ts'
import { Browser } from '../../support/people/browser.ts'
import {
  application,
  authorizationQuery,
  redirect_uri,
  saveClient,
  signedIn,
} from '../../support/people/cast.ts'
import { hiddenFields, type Fields } from '../../support/people/form.ts'

/** Alice is signed in, and an application asks for something. */
async function asked(metadata: Parameters<typeof application>[0] = {}) {
  const client = await application(metadata)
  const browser = await signedIn('alice')
  return { client, browser, query: authorizationQuery(client) }
}

/** What the client hears, from the address that the browser is sent to. */
function answerAt(location: string | null): Readonly<Record<string, string>> {
  const url = new URL(location ?? '')
  return { to: `${url.origin}${url.pathname}`, ...Object.fromEntries(url.searchParams) }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('GET /consent 200', () => {
  test('says who asks, for what in plain words, who is asked, and where the answer goes', async () => {
    const { browser, query } = await asked()
    const page = await browser.open(`/consent?${query}`)
    expect(page).toMatchObject({ status: 200 })
    for (const words of ['Photo Printer', 'See your e-mail address', 'alice@example.com', 'app.example']) {
      expect(page.html).toContain(words)
    }
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' https://app.example;")
  })

  test('names the services that the client wants to reach, as text', async () => {
    const page = consentPage({
      locale: 'en',
      action: '/consent',
      form_token: '',
      client: { name: 'Photo Printer', logo: undefined, policy_uri: undefined, tos_uri: undefined },
      scopes: ['read'],
      resources: ['https://api.example/pictures?<b>'],
      email: 'alice@example.com',
      destination: 'app.example',
      signInPath: '/sign-in',
      formTargets: [],
      isStale: false,
    })
    expect(await page.text()).toContain('<bdi>https://api.example/pictures?&lt;b&gt;</bdi>')
  })

  test('shows what the client says of itself as text', async () => {
    const { client, browser } = await asked({
      client_name: '</bdi><script>alert(1)</script>',
      scope: 'openid ><b>x',
    })
    const page = await browser.open(`/consent?${authorizationQuery(client, { scope: 'openid ><b>x' })}`)
    expect(page.html).not.toContain('<script')
    expect(page.html).not.toContain('<b>x')
  })

  test('is where the authorization endpoint sends a request that nobody has allowed', async () => {
    const { browser, query } = await asked()
    const { location } = await browser.open(`/oauth/authorize?${query}`)
    expect(location).toMatch(/^\/consent\?/)
    expect(await browser.open(location ?? '')).toMatchObject({ status: 200 })
  })
})

describe('GET /consent 303', () => {
  test('leads to sign-in, and from there to the request again', async () => {
    const query = authorizationQuery(await application())
    const { location } = await new Browser().open(`/consent?${query}`)
    const url = new URL(location ?? '', 'http://localhost')
    expect(url.pathname).toBe('/sign-in')
    expect(url.searchParams.get('continue')).toBe(`/oauth/authorize?${query}`)
  })

  test('tells a verified client what is wrong with its request', async () => {
    const { client, browser } = await asked()
    const { status, location } = await browser.open(
      `/consent?${authorizationQuery(client, { response_type: 'token' })}`,
    )
    expect(status).toBe(303)
    expect(answerAt(location)).toMatchObject({ to: redirect_uri, error: 'unsupported_response_type' })
  })
})

describe('GET /consent 400', () => {
  test.each([
    ['an unknown client', { client_id: 'nobody' }],
    ['a redirect URI that is not registered', { redirect_uri: 'https://evil.example/' }],
    ['a redirect URI with something added', { redirect_uri: `${redirect_uri}?x=1` }],
  ])('leads nowhere for %s', async (_, changes) => {
    const { client, browser } = await asked()
    const page = await browser.open(`/consent?${authorizationQuery(client, changes)}`)
    expect(page).toMatchObject({ status: 400, location: null })
    expect(page.html).not.toContain('evil.example')
  })

  test('refuses a repeated parameter', async () => {
    const { browser, query } = await asked()
    expect(await browser.open(`/consent?${query}&scope=read`)).toMatchObject({ status: 400 })
  })
})

describe('POST /consent 303', () => {
  test('Allow leads to the client with a code, its state, and who issued it', async () => {
    const { browser, query } = await asked()
    const page = await browser.open(`/consent?${query}`)
    const { status, location } = await browser.submit(page, { decision: 'allow' })
    expect(status).toBe(303)
    expect(answerAt(location)).toEqual({
      to: redirect_uri,
      code: expect.stringMatching(/^gwc_/),
      state: 'state-of-the-app',
      iss: 'http://localhost:8787',
    })
  })

  test('Allow is remembered: the same request is not asked again', async () => {
    const { browser, query } = await asked()
    await browser.submit(await browser.open(`/consent?${query}`), { decision: 'allow' })
    const { location } = await browser.open(`/oauth/authorize?${query}`)
    expect(answerAt(location)).toMatchObject({ to: redirect_uri, state: 'state-of-the-app' })
  })

  test('Deny leads to the client with access_denied, and nothing is remembered', async () => {
    const { browser, query } = await asked()
    const { location } = await browser.submit(await browser.open(`/consent?${query}`), { decision: 'deny' })
    expect(answerAt(location)).toMatchObject({
      to: redirect_uri,
      error: 'access_denied',
      state: 'state-of-the-app',
      iss: 'http://localhost:8787',
    })
    expect((await browser.open(`/oauth/authorize?${query}`)).location).toMatch(/^\/consent\?/)
  })

  test('leads to sign-in when the session has ended meanwhile, and nothing is allowed', async () => {
    const { browser, query } = await asked()
    const page = await browser.open(`/consent?${query}`)
    await browser.submit(await browser.open('/sign-out'), {})
    expect((await browser.submit(page, { decision: 'allow' })).location).toMatch(/^\/sign-in\?/)
  })

  /** The client asked for a sign-in that is newer than its request; the consent form is no way around it. */
  test('does not step around prompt=login', async () => {
    const { client, browser } = await asked()
    const page = await browser.open(`/consent?${authorizationQuery(client, { prompt: 'login' })}`)
    expect((await browser.submit(page, { decision: 'allow' })).location).toMatch(/^\/sign-in\?/)
  })
})

describe('POST /consent 400', () => {
  test('Deny leads nowhere when the redirect URI is not registered', async () => {
    const { client, browser, query } = await asked()
    const fields = hiddenFields(await browser.open(`/consent?${query}`))
    const altered = authorizationQuery(client, { redirect_uri: 'https://evil.example/' })
    const page = await browser.post(`/consent?${altered}`, { ...fields, decision: 'deny' })
    expect(page).toMatchObject({ status: 400, location: null })
  })

  /** A client may lose a redirect URI between the page and its answer. */
  test('leads nowhere when the redirect URI was taken away meanwhile', async () => {
    const { client, browser, query } = await asked()
    const page = await browser.open(`/consent?${query}`)
    await saveClient({
      ...client,
      metadata: { ...client.metadata, redirect_uris: ['https://app.example/other'] },
    })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + clientAgeMaxMs })
    expect(await browser.submit(page, { decision: 'deny' })).toMatchObject({ status: 400, location: null })
  })

  test.each<Fields>([{}, { decision: 'maybe' }])('refuses the decision in %j', async (fields) => {
    const { browser, query } = await asked()
    const page = await browser.open(`/consent?${query}`)
    expect(await browser.submit(page, fields)).toMatchObject({ status: 400, location: null })
  })
})

describe('POST /consent 403', () => {
  /** CSRF: a form on another site would allow an application in the victim's name. */
  test('takes no form that another site made, even with a token from the attacker’s own session', async () => {
    const { browser, query } = await asked()
    const theirs = hiddenFields(await (await signedIn('mallory')).open(`/consent?${query}`))
    for (const fields of [{}, theirs]) {
      const answer = await browser.post(`/consent?${query}`, { ...fields, decision: 'allow' })
      expect(answer).toMatchObject({ status: 403, location: null })
    }
    expect((await browser.open(`/oauth/authorize?${query}`)).location).toMatch(/^\/consent\?/)
  })

  test('allows what the page showed and nothing else', async () => {
    const { client, browser, query } = await asked()
    const fields = hiddenFields(await browser.open(`/consent?${query}`))
    const wider = authorizationQuery(client, { scope: 'openid email read' })
    expect(await browser.post(`/consent?${wider}`, { ...fields, decision: 'allow' })).toMatchObject({
      status: 403,
    })
  })

  test('asks again when the page was open too long, and that answer counts', async () => {
    const { browser, query } = await asked()
    const page = await browser.open(`/consent?${query}`)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + formTtlSeconds * 1000 })
    const again = await browser.submit(page, { decision: 'allow' })
    expect(again).toMatchObject({ status: 403 })
    expect(again.html).toContain('nothing was allowed')
    const { location } = await browser.submit(again, { decision: 'allow' })
    expect(answerAt(location)).toMatchObject({ to: redirect_uri })
  })
})
