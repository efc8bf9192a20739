/**
 * A client for a device without keyboard or browser. It knows RFC 8628 and discovery, and nothing of the server but its
 * address.
 */
export interface Device {
  readonly issuer: string
  readonly client_id: string
  readonly scope: string
  /** Shows the person where to go and what to type there. */
  readonly show: (invitation: Invitation) => void
  readonly wait: (ms: number) => Promise<unknown>
}

export interface Invitation {
  readonly user_code: string
  readonly verification_uri: string
  readonly verification_uri_complete: string
}

export type Outcome =
  | { readonly ok: true; readonly access_token: string }
  | { readonly ok: false; readonly error: string }

type Body = Readonly<Record<string, unknown>>

const defaultIntervalSeconds = 5
const slowDownSeconds = 5

/** Ends with a token, or with the error that says why there is none (`access_denied`, `expired_token`). */
export async function signInOnDevice({ issuer, client_id, scope, show, wait }: Device): Promise<Outcome> {
  const server = await read(await fetch(`${issuer}/.well-known/oauth-authorization-server`))
  const begun = await post(textIn(server, 'device_authorization_endpoint'), { client_id, scope })
  if ('error' in begun) return { ok: false, error: textIn(begun, 'error') }
  show({
    user_code: textIn(begun, 'user_code'),
    verification_uri: textIn(begun, 'verification_uri'),
    verification_uri_complete: textIn(begun, 'verification_uri_complete'),
  })
  const endpoint = textIn(server, 'token_endpoint')
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
  const device_code = textIn(begun, 'device_code')
  let intervalSeconds = Number(begun['interval'] ?? defaultIntervalSeconds)
  for (;;) {
    await wait(intervalSeconds * 1000)
    const answer = await post(endpoint, { grant_type, device_code, client_id })
    if ('access_token' in answer) return { ok: true, access_token: textIn(answer, 'access_token') }
    const error = textIn(answer, 'error')
    // RFC 8628 §3.5: whoever is told to slow down does so for good, and every other error is the end.
    if (error === 'slow_down') intervalSeconds += slowDownSeconds
    else if (error !== 'authorization_pending') return { ok: false, error }
  }
}

async function post(endpoint: string, parameters: Readonly<Record<string, string>>): Promise<Body> {
  return read(await fetch(endpoint, { method: 'POST', body: new URLSearchParams(parameters) }))
}

async function read(answer: Response): Promise<Body> {
  const body: unknown = await answer.json()
  return typeof body === 'object' && body !== null ? { ...body } : {}
}

function textIn(body: Body, name: string): string {
  const value = body[name]
  if (typeof value !== 'string') throw new TypeError(`${name} is a string in ${JSON.stringify(body)}`)
  return value
}
