import type { Mutant } from './mutant.ts'

const exchange = 'test/attacks/tokens/exchange.test.ts'
const introspection = 'test/attacks/tokens/introspection.test.ts'
const grantRequest = 'src/oauth/token/grant-request.ts'
const accessToken = 'src/signing/access-token.ts'
const tokenExchange = 'src/oauth/token/token-exchange.ts'
const exchangeRequest = 'src/oauth/token/token-exchange-request.ts'
const introspect = 'src/oauth/introspection.ts'
const introspectRoute = 'src/oauth/introspection.route.ts'
const strict = 'src/oauth/strict-inspection.ts'

export const mutants: readonly Mutant[] = [
  {
    attack: 'is neither its client nor the API that it is for: nothing is issued',
    test: exchange,
    file: tokenExchange,
    original: 'return published.isServedBy(client.client_id, audienceOf(found.value))',
    mutated: 'return audienceOf(found.value).length > 0',
  },
  {
    attack: 'is the API of another resource: nothing is issued',
    test: exchange,
    file: 'src/catalog/published-resources.ts',
    original: 'this.find(resource)?.client_id === client_id',
    mutated: 'this.#byIdentifier.has(resource)',
  },
  {
    attack: 'asks for a resource that the token is not for: nothing is issued',
    test: exchange,
    file: tokenExchange,
    original: 'if (!isWithin(audience, audienceOf(claims)))',
    mutated: 'if (audience.length === 0)',
  },
  {
    attack: 'asks for a scope that the token lacks: nothing is issued',
    test: exchange,
    file: tokenExchange,
    original: 'if (request.scope !== null && !isWithin(request.scope, held))',
    mutated: 'if (request.scope !== null && held.length > 8)',
  },
  {
    attack: 'asks for a scope that it is not registered for: nothing is issued',
    test: exchange,
    file: tokenExchange,
    original: 'if (request.scope !== null && !isWithin(request.scope, registered)) {',
    mutated: 'if (registered.length > 8) {',
  },
  {
    attack: 'exchanges again and again to live longer: no token outlives the first',
    test: exchange,
    file: tokenExchange,
    original: 'ends_at: claims.exp,',
    mutated: 'ends_at: undefined,',
  },
  {
    attack: 'goes on with it after the grant was revoked: both tokens stop',
    test: exchange,
    file: tokenExchange,
    original: 'grant_id: claims.grant_id,',
    mutated: 'grant_id: undefined,',
  },
  {
    attack: 'raises how well the person signed in: it stays as it was',
    test: exchange,
    file: tokenExchange,
    original: '...(acr !== undefined && { acr }),',
    mutated: "acr: 'urn:gatewright:acr:multi-factor',",
  },
  {
    attack: 'hides who acts: the chain of actors grows with each, up to its bound',
    test: exchange,
    file: tokenExchange,
    original: "actorCount(actor) > actorsMax ? fail({ reason: 'actors_too_many' }) : ok(actor)",
    mutated: 'ok(actor)',
  },
  {
    attack: 'acts with a token of somebody else: nothing is issued',
    test: exchange,
    file: tokenExchange,
    original: 'found.value === undefined || !isOwn || !isProven',
    mutated: 'found.value === undefined || !isProven',
  },
  {
    attack: 'does not authenticate, or is a public client: nothing is issued',
    test: exchange,
    file: exchangeRequest,
    original: "if (!isConfidential(client)) return fail({ reason: 'client_public' })",
    mutated: '',
  },
  {
    attack: 'drops the key that a token is bound to: nothing is issued',
    test: exchange,
    file: tokenExchange,
    original: 'claims.cnf !== undefined && claims.cnf.jkt !== dpop_jkt',
    mutated: 'claims.cnf !== undefined && dpop_jkt !== undefined && claims.cnf.jkt !== dpop_jkt',
  },
  {
    attack: 'swaps the key that a token is bound to: nothing is issued',
    test: exchange,
    file: tokenExchange,
    original: 'claims.cnf !== undefined && claims.cnf.jkt !== dpop_jkt',
    mutated: 'claims.cnf !== undefined && dpop_jkt === undefined',
  },
  {
    attack: 'is a public client: learns nothing, not even of its own token',
    test: introspection,
    file: introspectRoute,
    original: "if (!isConfidential(client.value)) return refuse(c, { reason: 'client_public' })",
    mutated: '',
  },
  {
    attack: 'is another client: a live token looks like none',
    test: introspection,
    file: introspect,
    original: 'if (!isVisible.value) return ok(INACTIVE)',
    mutated: '',
  },
  {
    attack: 'is the API that a token is for, and asks about the refresh token beside it: learns nothing',
    test: introspection,
    file: introspect,
    original: 'if (!maySeeAny(client) && client_id !== client.client_id) return ok(INACTIVE)',
    mutated: '',
  },
  {
    attack: 'wants to know the account behind a pairwise subject: it is in no answer',
    test: introspection,
    file: introspect,
    original: 'const { scope, client_id, sub } = grant',
    mutated: 'const { scope, client_id, account_id: sub } = grant',
  },
  {
    attack: 'asks about a token before its nbf, or after its exp: it is inactive',
    test: introspection,
    file: accessToken,
    original: 'Math.max(iat, nbf) * 1000 > latestStartMs',
    mutated: 'Math.min(iat, nbf) * 1000 > latestStartMs',
  },
  {
    attack: 'takes a signed answer for a token: its type and its claims are others',
    test: introspection,
    file: introspectRoute,
    original: "const SIGNED_TYPE = 'token-introspection+jwt'",
    mutated: "const SIGNED_TYPE = 'at+jwt'",
  },
  {
    attack: 'is stopped at once everywhere for whoever asks strictly, by the token alone',
    test: introspection,
    file: strict,
    original: "{ kind: 'token', id: jti },",
    mutated: "{ kind: 'token', id: `${jti} ` },",
  },
  {
    attack: 'hopes that D1 has not heard: the object of the grant is asked for whoever asks strictly',
    test: introspection,
    file: strict,
    original: 'return account !== undefined && ports.vault.isGrantAlive(account.vault_id, grant_id)',
    mutated: 'return account !== undefined',
  },
  {
    attack: 'is called as the token says its audience is called, which proves nothing: nothing is issued',
    test: exchange,
    file: tokenExchange,
    original: 'return published.isServedBy(client.client_id, audienceOf(found.value))',
    mutated: 'return audienceOf(found.value).includes(client.client_id)',
  },
  {
    attack: 'wants a refresh token or an ID token with it: there is none',
    test: exchange,
    file: tokenExchange,
    original: 'refresh_token: undefined,',
    mutated: 'refresh_token: request.subject_token,',
  },
  {
    attack: 'brings an ID token, a refresh token or garbage for a subject: nothing is issued',
    test: exchange,
    file: tokenExchange,
    original: "if (found.value === undefined) return fail({ reason: 'subject_token_invalid' })",
    mutated: '',
  },
  {
    attack: 'is not registered for the grant: nothing is issued',
    test: exchange,
    file: grantRequest,
    original:
      "if (!client.metadata.grant_types.includes(grantType)) return fail({ reason: 'grant_type_unregistered' })",
    mutated: '',
  },
  {
    attack: 'does not authenticate: learns nothing',
    test: introspection,
    file: introspectRoute,
    original:
      "if (!client.ok) return refuse(c, { reason: 'client_unauthenticated', failure: client.failure })",
    mutated: 'if (!client.ok) return Response.json({ active: true })',
  },
  {
    attack: 'is the API of another resource: a live token looks like none',
    test: introspection,
    file: 'src/catalog/published-resources.ts',
    original: 'this.find(resource)?.client_id === client_id',
    mutated: 'this.#byIdentifier.has(resource)',
  },
  {
    attack: 'is stopped at once in the isolate that revoked it',
    test: introspection,
    file: 'src/oauth/revocation.ts',
    original: "ports.revoked.add('grant', grant_id, epochSeconds(now) + accessTokenTtlSeconds)",
    mutated: '',
  },
  {
    attack: 'is stopped everywhere else after two seconds',
    test: introspection,
    file: accessToken,
    original: "const isGrantRevoked = grant_id !== undefined && ports.isRevoked('grant', grant_id)",
    mutated: 'const isGrantRevoked = false',
  },
  {
    attack: 'is stopped at once everywhere for whoever asks strictly, by its grant',
    test: introspection,
    file: introspect,
    original: 'if (!isStrict) return ok(describe(claims))',
    mutated: 'return ok(describe(claims))',
  },
  {
    attack: 'hopes for D1 to fail: whoever asks strictly is told that nobody knows',
    test: introspection,
    file: introspect,
    original: 'if (!alive.ok) return alive',
    mutated: 'if (!alive.ok) return ok(describe(claims))',
  },
]
