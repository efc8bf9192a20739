import { assert } from '../src/platform/assert.ts'
import type { Demo } from '../scripts/seed.ts'
import type { Call, Caller } from './load.ts'

/** One line of the table: what is asked, and of which runtime. */
export interface Row {
  readonly name: string
  readonly stateDir: string
  readonly callers: readonly Caller[]
}

/** A caller that makes the same call over and over and stands for no answer but 200. */
export function repeating(call: Call): Caller {
  return {
    next: () => call,
    took: (status, body) => assert(status === 200, `${call.url} answers 200, got ${status} ${body}`),
  }
}

/** A caller with a grant of its own, who presents each time what the last answer gave. */
export function refreshing(demo: Demo, first: string): Caller {
  let refresh_token = first
  return {
    next: () =>
      form(`${demo.issuer}/oauth/token`, {
        grant_type: 'refresh_token',
        client_id: demo.spa.client_id,
        refresh_token,
      }),
    took(status, body) {
      assert(status === 200, `a refresh answers 200, got ${status} ${body}`)
      refresh_token = String(Object(JSON.parse(body)).refresh_token)
    },
  }
}

export function get(url: string, headers: Readonly<Record<string, string>> = {}): Call {
  return { url, method: 'GET', headers }
}

export function form(url: string, parameters: Readonly<Record<string, string>>): Call {
  return {
    url,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(parameters).toString(),
  }
}
