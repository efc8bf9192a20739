import { describe, expect, test } from 'vitest'

import { Browser, type Page } from '../../support/people/browser.ts'
import { application, authorizationQuery, signedIn } from '../../support/people/cast.ts'

const SCRIPT = '<script>alert(1)</script>'

/** The sign-in page behind which an application's request waits. */
async function signInFor(metadata: Parameters<typeof application>[0], changes = {}): Promise<Page> {
  const path = `/oauth/authorize?${authorizationQuery(await application(metadata), changes)}`
  return new Browser().open(`/sign-in?${new URLSearchParams({ continue: path }).toString()}`)
}

/** What an application is asked about, by somebody who is signed in. */
async function consentFor(metadata: Parameters<typeof application>[0], changes = {}): Promise<Page> {
  const query = authorizationQuery(await application(metadata), changes)
  return (await signedIn('alice')).open(`/consent?${query}`)
}

function policyOf(page: Page): string {
  return page.headers.get('content-security-policy') ?? ''
}

describe('whoever writes into our pages', () => {
  test('markup in the name of an application is text at sign-in', async () => {
    const { html } = await signInFor({ client_name: SCRIPT })
    expect(html).toContain('&lt;script&gt;alert(1)')
    expect(html).not.toContain(SCRIPT)
  })

  test('markup in a scope is text at consent', async () => {
    const scope = 'openid ><script>alert(1)</script>'
    const { html } = await consentFor({ scope }, { scope })
    expect(html).toContain('&gt;&lt;script&gt;alert(1)')
    expect(html).not.toContain(SCRIPT)
  })

  test('a login_hint does not break out of its field', async () => {
    const { html } = await signInFor({}, { login_hint: '" autofocus onfocus="alert(1)' })
    expect(html).toContain('value="&quot; autofocus onfocus=&quot;alert(1)"')
  })

  test('an address that was typed in does not break out of its field', async () => {
    const browser = new Browser()
    const form = await browser.open('/sign-in')
    const { html } = await browser.submit(form, { email: `">${SCRIPT}`, password: 'wrong' })
    expect(html).toContain('value="&quot;&gt;&lt;script&gt;')
    expect(html).not.toContain(SCRIPT)
  })

  test('a state does not break out of the field that carries the request', async () => {
    const path = `/oauth/authorize?state="><script>alert(1)</script>`
    const { html } = await new Browser().open(`/sign-in?continue=${encodeURIComponent(path)}`)
    expect(html).toContain('name="continue"')
    expect(html).not.toContain(SCRIPT)
  })

  test('ui_locales chooses among our languages and is written nowhere', async () => {
    const page = await new Browser().open(`/sign-in?ui_locales=${encodeURIComponent('"><script> xx')}`)
    expect(page).toMatchObject({ status: 200 })
    expect(page.html).toContain('<html lang="en">')
  })

  test('a policy link that runs a script is not taken', async () => {
    await expect(application({ policy_uri: 'javascript:alert(1)//' })).rejects.toThrow('https')
  })

  test('the host of a logo writes no directive of its own into the policy', async () => {
    const page = await signInFor({ logo_uri: 'https://a;script-src/logo.png' })
    expect(page).toMatchObject({ status: 200 })
    expect(policyOf(page)).not.toContain('script-src')
  })

  test('a name that reads backwards is not taken', async () => {
    await expect(application({ client_name: 'Photo \u202eretnirP' })).rejects.toThrow('formatting')
  })

  test('a name in a script from right to left turns nothing around it', async () => {
    const { html } = await consentFor({ client_name: 'بنك' })
    expect(html).toContain('<bdi>بنك</bdi>')
  })

  test('nobody may put the page with the password into a frame', async () => {
    const page = await new Browser().open('/sign-in')
    expect(policyOf(page)).toContain("frame-ancestors 'none'")
  })

  test('a form that somebody smuggled in could be sent nowhere else', async () => {
    expect(policyOf(await new Browser().open('/sign-in'))).toContain("form-action 'self';")
  })

  test('a page of one person is kept for nobody', async () => {
    const page = await (await signedIn('alice')).open('/account')
    expect(page.headers.get('cache-control')).toBe('no-store')
  })
})
