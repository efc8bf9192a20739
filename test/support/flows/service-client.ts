import { assert } from '../../../src/platform/assert.ts'
import type { Answer, Send } from '../oauth/answer.ts'
import { bearer, form, type json } from './sender.ts'

export interface ServiceCredentials {
  readonly client_id: string
  readonly client_secret: string
}

/** The guide's programs get a new token when the old one has less than this to live. */
const spareMs = 60_000

/**
 * A service that calls an API in its own name, as the guide's programs do: one token, kept until it is about to end.
 *
 * Python and Rust send the token request as a form, the Node program as JSON.
 */
export class ServiceClient {
  readonly #send: Send
  readonly #credentials: ServiceCredentials
  readonly #encode: typeof form | typeof json
  #token: { readonly access_token: string; readonly endsAtMs: number } | undefined

  constructor(send: Send, credentials: ServiceCredentials, encode: typeof form | typeof json) {
    const { client_id, client_secret } = credentials
    this.#send = send
    this.#credentials = { client_id, client_secret }
    this.#encode = encode
  }

  async accessToken(): Promise<string> {
    if (this.#token === undefined || Date.now() > this.#token.endsAtMs - spareMs) {
      const { status, body } = await this.requestToken()
      assert(status === 200, `the service gets a token, got ${JSON.stringify(body)}`)
      const endsAtMs = Date.now() + Number(body.expires_in) * 1000
      this.#token = { access_token: String(body.access_token), endsAtMs }
    }
    return this.#token.access_token
  }

  async requestToken(): Promise<Answer> {
    const grant = { grant_type: 'client_credentials', scope: 'read write' }
    return this.#send('/oauth/token', this.#encode({ ...grant, ...this.#credentials }))
  }

  async call(method: string, path: string): Promise<Answer> {
    return this.#send(path, { method, ...bearer(await this.accessToken()) })
  }

  async introspect(token: string): Promise<Answer> {
    return this.#send('/oauth/introspect', form({ token, ...this.#credentials }))
  }
}
