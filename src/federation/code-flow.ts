import type * as OAuth from 'oauth4webapi'

import { canonicalEmail } from '../accounts/account.ts'
import { DisplayName } from '../clients/metadata.contract.ts'
import { outboundFault } from '../http/outbound.ts'
import { isMailAddress } from '../mail/mail.ts'
import { providerSubCharactersMax, providerTimeoutMs } from '../platform/bounds.ts'
import { errorText, log } from '../platform/log.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { IdentityProvider, ProviderIdentity } from './identity-provider.ts'
import type { LoginChecks } from './pending-login.store.ts'

export interface CodeFlowPorts {
  /** Where providers send people back to. */
  readonly callback: string
  readonly loopbackIsAllowed: boolean
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
}

export type CodeFlowFailure =
  | { readonly reason: 'provider_unreachable' }
  /** The provider says no: most often, the person did. */
  | { readonly reason: 'provider_refused' }
  /** What came back does not fit what was asked: another state, issuer, nonce, key or audience. */
  | { readonly reason: 'answer_invalid' }
  | { readonly reason: 'subject_missing' }

export interface BegunLogin {
  readonly url: string
  readonly state: string
  readonly checks: LoginChecks
}

/** Makes the request that a person takes to a provider: a code with PKCE, state and nonce (RFC 9700 §2.1.1, §4.7). */
export async function beginLogin(
  provider: IdentityProvider,
  login_hint: string | undefined,
  ports: CodeFlowPorts,
): Promise<Result<BegunLogin, CodeFlowFailure>> {
  const oauth = await library()
  const server = await discover(provider, oauth, ports)
  if (server?.authorization_endpoint === undefined) return fail({ reason: 'provider_unreachable' })
  const [state, nonce, code_verifier] = [
    oauth.generateRandomState(),
    oauth.generateRandomNonce(),
    oauth.generateRandomCodeVerifier(),
  ]
  const url = new URL(server.authorization_endpoint)
  const parameters = {
    response_type: 'code',
    client_id: provider.client_id,
    redirect_uri: ports.callback,
    scope: provider.scope,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(code_verifier),
    code_challenge_method: 'S256',
    ...(login_hint !== undefined && { login_hint }),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return ok({ url: url.href, state, checks: { nonce, code_verifier } })
}

/**
 * Takes the provider's answer to who somebody is there.
 *
 * The library checks state, `iss`, the ID token's claims and its nonce, and the signature with the provider's published
 * keys, although the token came straight from it: an endpoint that is somebody else's for a while must not name people.
 */
export async function finishLogin(
  provider: IdentityProvider,
  answer: { readonly query: URLSearchParams; readonly state: string; readonly checks: LoginChecks },
  ports: CodeFlowPorts,
): Promise<Result<ProviderIdentity, CodeFlowFailure>> {
  const oauth = await library()
  const server = await discover(provider, oauth, ports)
  if (server === undefined) return fail({ reason: 'provider_unreachable' })
  const { query, state, checks } = answer
  const client = { client_id: provider.client_id }
  const options = optionsOf(oauth, ports)
  /** Providers may keep the address out of the ID token (Core §5.4); userinfo is then asked, about the same `sub` only. */
  const askUserinfo = async (claims: OAuth.IDToken, access_token: string) => {
    if (claims['email'] !== undefined || server.userinfo_endpoint === undefined) return undefined
    const response = await oauth.userInfoRequest(server, client, access_token, options)
    return oauth.processUserInfoResponse(server, client, claims.sub, response)
  }
  try {
    const parameters = oauth.validateAuthResponse(server, client, query, state)
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authenticationOf(server, provider, oauth),
      parameters,
      ports.callback,
      checks.code_verifier,
      options,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: checks.nonce,
      requireIdToken: true,
    })
    await oauth.validateApplicationLevelSignature(server, response, options)
    const claims = oauth.getValidatedIdTokenClaims(tokens)
    if (claims === undefined || claims.sub.length > providerSubCharactersMax)
      return fail({ reason: 'subject_missing' })
    const more = await askUserinfo(claims, tokens.access_token)
    return ok(
      identityOf(provider, { ...more, ...claims, email_verified: (more ?? claims).email_verified === true }),
    )
  } catch (error) {
    log('info', 'provider_login_failed', { provider_id: provider.provider_id, error: errorText(error) })
    return fail({
      reason: error instanceof oauth.AuthorizationResponseError ? 'provider_refused' : 'answer_invalid',
    })
  }
}

/** Imported when somebody first needs it: most isolates never do. */
function library() {
  return import('oauth4webapi')
}

/** The provider's metadata, whose issuer must be the one that the operator wrote down (Discovery 1.0 §4.3). */
async function discover(
  provider: IdentityProvider,
  oauth: typeof OAuth,
  ports: CodeFlowPorts,
): Promise<OAuth.AuthorizationServer | undefined> {
  const issuer = new URL(provider.issuer)
  try {
    const response = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...optionsOf(oauth, ports) })
    return await oauth.processDiscoveryResponse(issuer, response)
  } catch (error) {
    log('warn', 'provider_unreachable', { provider_id: provider.provider_id, error: errorText(error) })
    return undefined
  }
}

interface LibraryRequest {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: URLSearchParams | null | undefined
  readonly signal?: AbortSignal | undefined
}

/** Each address is looked at before anything is sent: those in the metadata are the provider's to write. */
function optionsOf(oauth: typeof OAuth, { fetch, loopbackIsAllowed }: CodeFlowPorts) {
  return {
    [oauth.customFetch]: async (url: string, { method, headers, body, signal }: LibraryRequest) => {
      const fault = outboundFault(url, { loopbackIsAllowed })
      if (fault !== undefined) throw new Error(`the address of a provider ${fault}`)
      return fetch(url, { method, headers, redirect: 'manual', body: body ?? null, signal: signal ?? null })
    },
    [oauth.allowInsecureRequests]: loopbackIsAllowed,
    signal: () => AbortSignal.timeout(providerTimeoutMs),
  }
}

/** Basic unless the provider says that it takes only the other way (Discovery 1.0 §3). */
function authenticationOf(
  server: OAuth.AuthorizationServer,
  { client_secret }: IdentityProvider,
  oauth: typeof OAuth,
): OAuth.ClientAuth {
  const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  return methods.includes('client_secret_basic')
    ? oauth.ClientSecretBasic(client_secret.reveal())
    : oauth.ClientSecretPost(client_secret.reveal())
}

/**
 * Takes what concerns us from what the provider said; the ID token's own words come before those of userinfo.
 *
 * People write their names there themselves, and some providers hand on whatever was typed for an address. What would not
 * be taken from a stranger here, such as a line break or an address that no mail goes to, is left out.
 */
function identityOf({ issuer }: IdentityProvider, claims: OAuth.UserInfoResponse): ProviderIdentity {
  const { sub, email, email_verified, name } = claims
  const hasEmail = typeof email === 'string' && isMailAddress(canonicalEmail(email))
  return {
    issuer,
    sub,
    email: hasEmail ? email : undefined,
    email_verified: hasEmail && email_verified === true,
    name: DisplayName.safeParse(name).data,
  }
}
