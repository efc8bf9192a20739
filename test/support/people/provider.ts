import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { vi } from 'vitest'

import { sha256 } from '../../../src/platform/digest.ts'

export const PROVIDER = 'https://login.acme.com'

/** What a test has the provider say, where that is not the truth. */
export interface Lies {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly signedByAnother?: boolean
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly userinfo?: Readonly<Record<string, unknown>>
}

export interface Person {
  readonly sub: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
}

/**
 * An OpenID provider on the outside network: it knows one client, checks secret and PKCE as it should, and tells the
 * truth unless a test has it lie.
 */
export async function outsideProvider(client: {
  readonly client_id: string
  readonly client_secret: string
}) {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const another = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'acme-1', alg: 'RS256', use: 'sig' }
  const codes = new Map<string, { readonly request: URLSearchParams; readonly person: Person }>()
  const asked: string[] = []
  let lies: Lies = {}

  async function idToken(request: URLSearchParams, person: Person): Promise<string> {
    const nonce = request.get('nonce')
    const claims = { iss: PROVIDER, aud: client.client_id, nonce, ...person, ...lies.claims }
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'acme-1', typ: 'JWT' })
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(lies.signedByAnother === true ? another.privateKey : privateKey)
  }

  async function redeem(init: RequestInit): Promise<Response> {
    const form = new URLSearchParams(init.body instanceof URLSearchParams ? init.body : '')
    const found = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const isClient =
      new Headers(init.headers).get('authorization') ===
      `Basic ${btoa(`${client.client_id}:${client.client_secret}`)}`
    const isOurs = found?.request.get('code_challenge') === sha256(form.get('code_verifier') ?? '')
    if (!isClient || found === undefined || !isOurs)
      return Response.json({ error: 'invalid_grant' }, { status: 400 })
    const id_token = await idToken(found.request, found.person)
    return Response.json({ access_token: 'token', token_type: 'Bearer', id_token })
  }

  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init = {}) => {
    const { href, pathname } = new URL(new Request(input).url)
    asked.push(href)
    if (!href.startsWith(PROVIDER)) throw new Error(`nothing at ${href}`)
    if (pathname === '/.well-known/openid-configuration')
      return Response.json({ ...metadata, ...lies.metadata })
    if (pathname === '/keys') return Response.json({ keys: [jwk] })
    if (pathname === '/token') return redeem(init)
    if (pathname === '/userinfo') return Response.json(lies.userinfo)
    return new Response(null, { status: 404 })
  })
  return {
    asked,
    lie: (next: Lies) => void (lies = next),
    /** What a browser brings back that was sent here with a request and whose person signed in. */
    signIn(url: URL, person: Person): string {
      const code = `code-${codes.size + 1}-${String(url.searchParams.get('state')).slice(0, 8)}`
      codes.set(code, { request: url.searchParams, person })
      const back = { code, state: url.searchParams.get('state') ?? '', iss: PROVIDER }
      return `/sign-in/callback?${new URLSearchParams(back).toString()}`
    },
  }
}

const metadata = {
  issuer: PROVIDER,
  authorization_endpoint: `${PROVIDER}/authorize`,
  token_endpoint: `${PROVIDER}/token`,
  jwks_uri: `${PROVIDER}/keys`,
  authorization_response_iss_parameter_supported: true,
}
