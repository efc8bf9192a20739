import { exports } from 'cloudflare:workers'

import { actionOf, hiddenFields, type Fields } from './form.ts'

const ORIGIN = 'http://localhost:8787'

export interface Page {
  readonly status: number
  readonly location: string | null
  readonly headers: Headers
  readonly html: string
}

/** A browser without script: it keeps cookies, sends forms with their hidden fields, and follows nothing by itself. */
export class Browser {
  readonly #cookies = new Map<string, string>()
  readonly #address: string

  constructor(address = '203.0.113.7') {
    this.#address = address
  }

  get cookies(): Fields {
    return Object.fromEntries(this.#cookies)
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value)
  }

  async open(path: string): Promise<Page> {
    return this.#send(path, {})
  }

  /** Posts fields as they are, as another site's form could. */
  async post(path: string, fields: Fields | string): Promise<Page> {
    const body = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return this.#send(path, { method: 'POST', body, headers })
  }

  /** Fills in and sends the form of a page. */
  async submit(page: Page, fields: Fields): Promise<Page> {
    return this.post(actionOf(page), { ...hiddenFields(page), ...fields })
  }

  async #send(path: string, init: RequestInit): Promise<Page> {
    const headers = new Headers(init.headers)
    headers.set('cf-connecting-ip', this.#address)
    const cookies = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    if (cookies !== '') headers.set('cookie', cookies)
    const response = await exports.default.fetch(
      new Request(new URL(path, ORIGIN), { ...init, headers, redirect: 'manual' }),
    )
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    return {
      status: response.status,
      location: response.headers.get('location'),
      headers: response.headers,
      html: await response.text(),
    }
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
    const [name = '', value = ''] = pair.split('=')
    if (attributes.includes('Max-Age=0')) this.#cookies.delete(name)
    else this.#cookies.set(name, value)
  }
}
