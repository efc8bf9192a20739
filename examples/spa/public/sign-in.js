import { makeChallenge, randomText } from './pkce.js'

const SCOPE = 'openid profile email read write read:profile read:users'

/** What has to survive the trip to the authorization server and back. It is this tab's, and gone with it. */
const trip = {
  keep(values) {
    sessionStorage.setItem('trip', JSON.stringify(values))
  },
  /** Takes it out: whatever becomes of a callback, it is not tried a second time. */
  take() {
    const values = JSON.parse(sessionStorage.getItem('trip') ?? '{}')
    sessionStorage.removeItem('trip')
    return values
  },
}

/** Step 2: off to the authorization server. */
export async function startSignIn(config) {
  const { verifier, challenge } = await makeChallenge()
  const state = randomText(16)
  trip.keep({ verifier, state })
  const url = new URL('/oauth/authorize', config.issuer)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: config.client_id,
    redirect_uri: redirectUri(),
    scope: SCOPE,
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }).toString()
  location.assign(url)
}

/**
 * Step 3: back at the redirect URI, the code is changed for tokens.
 *
 * A `state` that is not ours means that somebody else began this trip; an `iss` that is not ours, that another
 * server answers in the name of this one (RFC 9207). Either way the code is left alone.
 */
export async function finishSignIn(config) {
  const answer = new URLSearchParams(location.search)
  history.replaceState(null, '', '/')
  const { verifier, state } = trip.take()
  if (state === undefined || answer.get('state') !== state) {
    return { fault: 'This answer does not belong to a sign-in that began here. Please sign in again.' }
  }
  if (answer.get('iss') !== config.issuer) return { fault: 'The answer came from another server.' }
  if (answer.has('error')) return { fault: faultOf(answer) }
  const response = await fetch(new URL('/oauth/token', config.issuer), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: answer.get('code') ?? '',
      client_id: config.client_id,
      redirect_uri: redirectUri(),
      code_verifier: verifier,
    }),
  })
  const body = await response.json()
  return response.ok ? { tokens: body } : { fault: body.error_description ?? body.error }
}

function faultOf(answer) {
  if (answer.get('error') === 'access_denied') return 'You did not allow it, so you are not signed in here.'
  return answer.get('error_description') ?? answer.get('error')
}

function redirectUri() {
  return new URL('/callback', location.origin).href
}
