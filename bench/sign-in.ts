import { createHash, randomBytes } from 'node:crypto'

import { assert } from '../src/platform/assert.ts'
import type { Demo } from '../scripts/seed.ts'

export interface GrantedTokens {
  readonly access_token: string
  readonly refresh_token: string
}

/** Signs the demo's person in once, as a browser without script would, and gets grants of the demo application. */
export class DemoPerson {
  readonly #demo: Demo
  readonly #cookies = new Map<string, string>()

  constructor(demo: Demo) {
    this.#demo = demo
  }

  /** The tokens of so many grants. */
  async grants(count: number): Promise<readonly GrantedTokens[]> {
    const grants: GrantedTokens[] = []
    for (let made = 0; made < count; made += 1) grants.push(await this.#grant())
    return grants
  }

  async #grant(): Promise<GrantedTokens> {
    const { issuer, spa } = this.#demo
    const code_verifier = randomBytes(32).toString('base64url')
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: spa.client_id,
      redirect_uri: spa.redirect_uri,
      scope: 'openid offline_access',
      state: 'bench',
      code_challenge: createHash('sha256').update(code_verifier).digest('base64url'),
      code_challenge_method: 'S256',
    })
    const code = await this.#walk(`${issuer}/oauth/authorize?${query.toString()}`)
    const answer = await fetch(`${issuer}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: spa.client_id,
        redirect_uri: spa.redirect_uri,
        code,
        code_verifier,
      }),
    })
    const { access_token, refresh_token } = Object(await answer.json())
    assert(typeof refresh_token === 'string', `a code gives a refresh token, got ${answer.status}`)
    return { access_token: String(access_token), refresh_token }
  }

  /** Follows redirects and sends the forms on the way, until the application's callback is reached. */
  async #walk(start: string): Promise<string> {
    let url = start
    for (let steps = 0; steps < 8; steps += 1) {
      if (url.startsWith(this.#demo.spa.redirect_uri)) return new URL(url).searchParams.get('code') ?? ''
      const page = await this.#open(url, {})
      const location = page.headers.get('location') ?? (await this.#submit(url, await page.text()))
      url = new URL(location, url).href
    }
    throw new Error(`sign-in did not come to an end, got to ${url}`)
  }

  async #submit(url: string, html: string): Promise<string> {
    const action = /<form[^>]* action="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const hidden = html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)
    const fields = Array.from(hidden, ([, name = '', value = '']): [string, string] => [
      name,
      value.replaceAll('&amp;', '&'),
    ])
    const { email, password } = this.#demo.user
    const body = new URLSearchParams([
      ...fields,
      ['email', email],
      ['password', password],
      ['decision', 'allow'],
    ])
    const answer = await this.#open(new URL(action, url).href, { method: 'POST', body })
    const location = answer.headers.get('location')
    assert(location !== null, `the form at ${url} leads on, got ${answer.status}`)
    return location
  }

  async #open(url: string, init: RequestInit): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      this.#cookies.set(name, value)
    }
    return answer
  }
}
