import { describe, expect, test } from 'vitest'

import { fetchDocument, outboundFault } from '../../../src/http/outbound.ts'

const URL_OUTSIDE = 'https://client.example.com/document.json'

const rules = { mediaTypes: ['application/json'], bytesMax: 64, timeoutMs: 50, loopbackIsAllowed: false }

/** Fetches over a network that answers so, and tells what was asked of it. */
async function fetchFrom(
  answer: (url: string, init: RequestInit) => Response | Promise<Response>,
  url = URL_OUTSIDE,
) {
  const asked: { readonly url: string; readonly init: RequestInit }[] = []
  const fetched = await fetchDocument(
    async (to, init) => {
      asked.push({ url: to, init })
      return answer(to, init)
    },
    url,
    rules,
  )
  return { asked, outcome: fetched.ok ? fetched.value.text : fetched.failure.reason }
}

describe('an address that somebody else wrote down', () => {
  test.each([
    ['loopback', 'https://127.0.0.1/'],
    ['loopback by one number', 'https://2130706433/'],
    ['loopback in octal', 'https://0177.0.0.1/'],
    ['loopback in hexadecimal', 'https://0x7f.1/'],
    ['loopback with a dot at its end', 'https://127.0.0.1./'],
    ['loopback in full-width digits', 'https://１２７.0.0.1/'],
    ['loopback with dots of another script', 'https://127。0。0。1/'],
    ['loopback of IPv6', 'https://[::1]/'],
    ['loopback mapped into IPv6', 'https://[::ffff:127.0.0.1]/'],
    ['loopback mapped into IPv6, in hexadecimal', 'https://[::ffff:7f00:1]/'],
    ['loopback in the old compatible form', 'https://[::7f00:1]/'],
    ['loopback translated', 'https://[64:ff9b::7f00:1]/'],
    ['loopback tunnelled', 'https://[2002:7f00:1::]/'],
    ['the address of nobody', 'https://0.0.0.0/'],
    ['this network', 'https://0/'],
    ['a private network', 'https://10.1.2.3/'],
    ['a private network of sixteen', 'https://172.16.0.1/'],
    ['a home network', 'https://192.168.1.1/'],
    ['a network behind a provider', 'https://100.64.0.1/'],
    ['the metadata of a cloud', 'https://169.254.169.254/latest/'],
    ['the metadata of a cloud as one number', 'https://2852039166/'],
    ['a unique local address', 'https://[fd00::1]/'],
    ['a link-local address', 'https://[fe80::1]/'],
    ['an address for documentation', 'https://[2001:db8::1]/'],
    ['a group', 'https://224.0.0.1/'],
    ['localhost', 'https://localhost/'],
    ['a name below localhost', 'https://app.localhost/'],
    ['localhost with a dot at its end', 'https://localhost./'],
    ['a name of one label', 'https://metadata/'],
    ['a name of a private network', 'https://db.internal/'],
    ['a public host behind another name', 'https://client.example.com@127.0.0.1/'],
    ['a user name', 'https://user@client.example.com/'],
    ['a password', 'https://:secret@client.example.com/'],
    ['plain http', 'http://client.example.com/'],
    ['plain http to loopback', 'http://127.0.0.1/'],
    ['a fragment', 'https://client.example.com/#keys'],
    ['a file', 'file:///etc/passwd'],
    ['data', 'data:application/json,{}'],
    ['no URL', 'client.example.com'],
  ])('is not asked when it is %s', async (_name, url) => {
    const { asked, outcome } = await fetchFrom(() => Response.json({}), url)
    expect(outcome).toBe('document_address_refused')
    expect(asked).toEqual([])
  })

  test.each(['https://client.example.com:8443/jwks?a=1', 'https://8.8.8.8/', 'https://[2606:4700::1111]/'])(
    'is asked when it is public: %s',
    (url) => {
      expect(outboundFault(url, { loopbackIsAllowed: false })).toBeUndefined()
    },
  )

  test.each(['http://localhost:8789/jwks', 'http://127.0.0.1:1/', 'http://[::1]:1/', 'https://localhost/'])(
    'may be on this machine while developing: %s',
    (url) => {
      expect(outboundFault(url, { loopbackIsAllowed: true })).toBeUndefined()
      expect(outboundFault(url, { loopbackIsAllowed: false })).toBeTypeOf('string')
    },
  )

  test.each(['http://10.0.0.1/', 'https://10.0.0.1/', 'ftp://localhost/', 'https://169.254.169.254/'])(
    'is no more than this machine while developing: %s',
    (url) => {
      expect(outboundFault(url, { loopbackIsAllowed: true })).toBeTypeOf('string')
    },
  )
})

describe('a document', () => {
  test('is read as text, whatever parameters its type has', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' }
    expect(await fetchFrom(() => new Response('[1]', { headers }))).toMatchObject({ outcome: '[1]' })
  })

  test.each<[string, string, () => Response]>([
    ['a redirect', 'document_status_wrong', () => Response.redirect('https://10.0.0.1/', 302)],
    ['an empty success', 'document_status_wrong', () => new Response(null, { status: 204 })],
    ['an error', 'document_status_wrong', () => Response.json({}, { status: 500 })],
    ['a page', 'document_type_wrong', () => new Response('{}', { headers: { 'content-type': 'text/html' } })],
    ['no type', 'document_type_wrong', () => new Response(new Uint8Array([123, 125]))],
    ['more than the bound', 'document_too_large', () => Response.json('x'.repeat(64))],
    ['bytes that are not UTF-8', 'document_malformed', () => bytes(new Uint8Array([0xff]))],
    ['a body that breaks off', 'document_unreachable', () => bytes(broken())],
  ])('is none where %s is answered', async (_name, reason, answer) => {
    expect(await fetchFrom(answer)).toMatchObject({ outcome: reason })
  })

  test('is none where nobody answers', async () => {
    expect(await fetchFrom(() => Promise.reject(new TypeError('no route')))).toMatchObject({
      outcome: 'document_unreachable',
    })
  })

  test('is asked for by its types, and redirects are not followed', async () => {
    const { asked } = await fetchFrom(() => Response.json({}))
    expect(asked).toMatchObject([
      { url: URL_OUTSIDE, init: { redirect: 'manual', headers: { accept: 'application/json' } } },
    ])
  })

  /** Somebody who sends a byte now and then would hold a connection and a request for as long as they like. */
  test('is given up when it is not complete in time', async () => {
    const { outcome } = await fetchFrom((_url, { signal }) => bytes(endless(signal)))
    expect(outcome).toBe('document_unreachable')
  })
})

function bytes(body: BodyInit): Response {
  return new Response(body, { headers: { 'content-type': 'application/json' } })
}

function broken(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) })
}

/** A body that never ends, on a connection that is closed when it is told to, as the platform's `fetch` does. */
function endless(signal: AbortSignal | null | undefined): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => signal?.addEventListener('abort', () => controller.error(new Error('aborted'))),
  })
}
