import { assert } from '../../../src/platform/assert.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import type { TestServer } from '../server.ts'
import { toAnswer, type Answer, type Fields, type Send } from './answer.ts'
import { newVisit } from './visit.ts'

export const code_verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'

/** Asks a served deployment over a socket. */
export function senderTo(server: TestServer): Send {
  return async (path, init = {}) =>
    toAnswer(await fetch(new URL(path, server.url), { ...init, redirect: 'manual' }), server.url)
}

/** The authorization request of the demo application, as its page builds it. */
export function demoRequest({ demo }: TestServer, changes: Fields = {}): Fields {
  return {
    response_type: 'code',
    client_id: demo.spa.client_id,
    redirect_uri: demo.spa.redirect_uri,
    scope: 'openid profile email',
    state: 'af0ifjsldkj',
    code_challenge: sha256(code_verifier),
    code_challenge_method: 'S256',
    ...changes,
  }
}

/** Signs the demo's person in, allows what is asked, and answers where the browser then arrives at the client. */
export async function arriveAtClient(server: TestServer, authorizationUrl: URL): Promise<URL> {
  const { open, submit } = newVisit(senderTo(server))
  let page: Answer = await open(`${authorizationUrl.pathname}${authorizationUrl.search}`)
  if (page.text.includes('type="password"')) page = await submit(page, server.demo.user)
  if (page.status === 200) page = await submit(page, { decision: 'allow' })
  assert(page.status === 303, `the browser is sent to the client, got ${page.status}`)
  return page.location
}

export async function codeFor(server: TestServer, changes: Fields = {}): Promise<string> {
  const url = new URL('/oauth/authorize', server.url)
  url.search = new URLSearchParams(demoRequest(server, changes)).toString()
  const arrival = await arriveAtClient(server, url)
  return arrival.searchParams.get('code') ?? ''
}
