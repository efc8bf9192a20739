import { describe, expect, test } from 'vitest'

import { createRequestObjectFetch } from '../../../src/oauth/authorize/request-uri.ts'
import { requestUriFailureAgeMs } from '../../../src/platform/authorization-bounds.ts'

const place = 'https://app.acme.com/request.jwt'

function fetching() {
  const fetched: string[] = []
  const failing = { isOn: true }
  const fetchObject = createRequestObjectFetch({
    fetchRequestObject: async (url) => {
      fetched.push(url)
      return failing.isOn
        ? { ok: false, failure: { reason: 'unreachable' } }
        : { ok: true, value: { text: ' an object ' } }
    },
    limiter: { take: async () => ({ admitted: true }) },
    heldMax: 10,
  })
  const read = (url: string, nowMs: number) => fetchObject(url, { address: '203.0.113.7', nowMs })
  return { fetched, failing, read }
}

describe('fetching a request object', () => {
  /** Anybody may bring a registered address, without credentials. */
  test('a place that failed is left alone for a moment, whatever the fragment, and asked again after it', async () => {
    const { fetched, failing, read } = fetching()
    for (const each of [place, place, `${place}#one`, `${place}#two`]) {
      expect(await read(each, 1_000)).toEqual({ ok: false, failure: { reason: 'request_uri_unreachable' } })
    }
    expect(fetched).toEqual([place])
    failing.isOn = false
    expect(await read(place, 999 + requestUriFailureAgeMs)).toMatchObject({ ok: false })
    expect(await read(place, 1_000 + requestUriFailureAgeMs)).toMatchObject({ ok: true })
    expect(fetched).toEqual([place, place])
  })

  test('one place that fails does not stand in the way of another', async () => {
    const { fetched, read } = fetching()
    await read(place, 1_000)
    await read(`${place}?other`, 1_000)
    expect(fetched).toEqual([place, `${place}?other`])
  })
})
