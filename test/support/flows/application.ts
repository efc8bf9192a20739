import { assert } from '../../../src/platform/assert.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import { randomSecret, systemRandom } from '../../../src/platform/random.ts'
import { newVisit } from '../oauth/visit.ts'
import type { Answer, Fields, Send } from '../oauth/answer.ts'
import { actionOf, hiddenFields } from '../people/form.ts'
import { form } from './sender.ts'

/** What an application was registered with, as far as it says it at the token endpoint. */
export type Registered = { readonly client_id: string; readonly redirect_uri: string } & {
  readonly client_secret?: string
}

export type Visit = ReturnType<typeof newVisit>

/** An authorization request on its way, with what the application keeps to itself meanwhile. */
export interface Trip {
  /** Path and query for the browser. */
  readonly path: string
  readonly state: string
  readonly code_verifier: string
}

const pagesMax = 4

/** An application that signs people in with code and PKCE, at a server over loopback. */
export function newApplication(send: Send, { redirect_uri, ...client }: Registered) {
  return {
    beginTrip(scope: string, more: Fields = {}): Trip {
      const code_verifier = randomSecret(systemRandom)
      const state = randomSecret(systemRandom)
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: client.client_id,
        redirect_uri,
        scope,
        state,
        code_challenge: sha256(code_verifier),
        code_challenge_method: 'S256',
        ...more,
      })
      return { path: `/oauth/authorize?${query.toString()}`, state, code_verifier }
    },

    /** The code, once the browser is back where the application waits for it. */
    readArrival({ location }: Answer, { state }: Trip): string {
      assert(location.href.startsWith(`${redirect_uri}?`), `the browser comes back, got ${location.href}`)
      assert(location.searchParams.get('state') === state, 'the answer belongs to this trip')
      const code = location.searchParams.get('code')
      assert(code !== null, `a code comes back, got ${location.search}`)
      return code
    },

    async redeem(code: string, code_verifier: string): Promise<Answer> {
      const grant = { grant_type: 'authorization_code', code, redirect_uri, code_verifier }
      return send('/oauth/token', form({ ...client, ...grant }))
    },

    async refresh(refresh_token: unknown): Promise<Answer> {
      const grant = { grant_type: 'refresh_token', refresh_token: String(refresh_token) }
      return send('/oauth/token', form({ ...client, ...grant }))
    },

    async revoke(token: unknown): Promise<Answer> {
      return send('/oauth/revoke', form({ ...client, token: String(token) }))
    },
  }
}

export type Application = ReturnType<typeof newApplication>

/** Goes where a person is sent, signs in where that is asked, and allows what is asked for. */
export async function travel(visit: Visit, path: string, user: Credentials): Promise<Answer> {
  const end = await answerPages(visit, path, user)
  assert(end.headers.has('location'), `the pages lead back to the application, got ${end.status}`)
  return end
}

/** The same where the answer comes in a form: what a browser sends to the application with it. */
export async function travelToForm(visit: Visit, path: string, user: Credentials): Promise<Request> {
  const { text: html, status } = await answerPages(visit, path, user)
  const action = actionOf({ html })
  assert(URL.canParse(action), `a form leads back to the application, got ${status}`)
  return new Request(action, { method: 'POST', body: new URLSearchParams(hiddenFields({ html })) })
}

interface Credentials {
  readonly email: string
  readonly password: string
}

/** Ends where a redirect or a form leads away from the deployment. */
async function answerPages(visit: Visit, path: string, { email, password }: Credentials): Promise<Answer> {
  let page = await visit.open(path)
  for (let pages = 0; pages < pagesMax && page.status === 200; pages += 1) {
    if (URL.canParse(actionOf({ html: page.text }))) return page
    const isSignIn = page.text.includes('type="password"')
    page = await visit.submit(page, isSignIn ? { email, password } : { decision: 'allow' })
  }
  return page
}

/** A person in a browser that was never here signs in to an application, which gets its tokens. */
export async function signIn(
  send: Send,
  application: Application,
  user: { readonly email: string; readonly password: string },
  scope: string,
): Promise<Answer['body']> {
  const trip = application.beginTrip(scope)
  const arrival = await travel(newVisit(send), trip.path, user)
  const { status, body } = await application.redeem(
    application.readArrival(arrival, trip),
    trip.code_verifier,
  )
  assert(status === 200, `the code is redeemed, got ${JSON.stringify(body)}`)
  return body
}
