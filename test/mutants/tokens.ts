import type { Mutant } from './mutant.ts'

const redemption = 'test/attacks/tokens/redemption.test.ts'
const use = 'test/attacks/tokens/use.test.ts'
const grant = 'src/grants/grant.ts'
const grantRequest = 'src/oauth/token/grant-request.ts'
const accessToken = 'src/signing/access-token.ts'
const jwt = 'src/signing/jwt.ts'

export const mutants: readonly Mutant[] = [
  {
    attack: 'presents it as another client: nothing is issued, and the owner still gets its tokens',
    test: redemption,
    file: grant,
    original: "if (bound.client_id !== presented.client_id) return { reason: 'client_mismatch' }",
    mutated: '',
  },
  {
    attack: 'changes the redirect URI at the token endpoint: nothing is issued',
    test: redemption,
    file: grant,
    original: "if (presented.redirect_uri !== bound.redirect_uri) return { reason: 'redirect_uri_mismatch' }",
    mutated: '',
  },
  {
    attack: 'brings a verifier of its own: nothing is issued',
    test: redemption,
    file: grant,
    original:
      "return presented.code_challenge === bound.code_challenge ? undefined : { reason: 'verifier_mismatch' }",
    mutated: 'return undefined',
  },
  {
    attack: 'brings a verifier too short to be random: it is not even compared',
    test: redemption,
    file: grantRequest,
    original: '{43,128}$/',
    mutated: '{1,128}$/',
  },
  {
    attack: 'spends it a second time: the tokens of the first time stop',
    test: redemption,
    file: 'src/grants/authorization-code.ts',
    original:
      "return refuse({ reason: 'code_spent', grant_id: held.code.grant_id }, endGrant(held.stored, now))",
    mutated: "return refuse({ reason: 'code_unknown' })",
  },
  {
    attack: 'presents a refresh token as a code, and a code as a refresh token: neither is the other',
    test: redemption,
    file: 'src/grants/opaque-token.ts',
    original: 'if (prefix !== PREFIXES[kind] || ',
    mutated: 'if (',
  },
  {
    attack: 'asks for a resource that the person never saw: nothing is issued, and the code is unspent',
    test: redemption,
    file: 'src/grants/authorization-code.ts',
    original: 'command.resource !== null && !isWithin(command.resource, held.stored.grant.resource)',
    mutated: 'command.resource !== null && command.resource.length > 8',
  },
  {
    attack: 'presents it as another client: nothing is issued, and the owner goes on',
    test: redemption,
    file: grant,
    original: "if (bound.client_id !== presented.client_id) return { reason: 'client_mismatch' }",
    mutated: '',
  },
  {
    attack: 'asks for a wider scope: nothing is issued and nothing is spent',
    test: redemption,
    file: 'src/grants/refresh-rotation.ts',
    original:
      "if (scope !== null && !isWithin(scope, readScope(grant.scope))) return { reason: 'scope_exceeded' }",
    mutated: '',
  },
  {
    attack: 'asks for another resource: nothing is issued and nothing is spent',
    test: redemption,
    file: 'src/grants/refresh-rotation.ts',
    original: 'return resource !== null && !isWithin(resource, grant.resource)',
    mutated: 'return resource !== null && resource.length > 8',
  },
  {
    attack: 'names a resource that nobody published: it gets no token for it',
    test: redemption,
    file: 'src/oauth/token/client-grant.ts',
    original: 'return resource.every((name) => published.has(name))',
    mutated: "return resource.every((name) => name !== '')",
  },
  {
    attack: 'sends a token for one API to another: it is not let in',
    test: use,
    file: 'src/gateway/token-caller.ts',
    original: 'audience: route.resource?.resource ?? issuer',
    mutated: 'audience: undefined',
  },
  {
    attack: 'sends a token for an API to userinfo: it learns nothing',
    test: use,
    file: accessToken,
    original: '!audienceOf({ aud }).includes(ports.audience)',
    mutated: '!audienceOf({ aud }).some((one) => one.startsWith(ports.audience ?? one))',
  },
  {
    attack: 'makes an audience that holds the issuer as part of a longer name: it is not let in',
    test: use,
    file: accessToken,
    original: '!audienceOf({ aud }).includes(ports.audience)',
    mutated: "!audienceOf({ aud }).join(' ').includes(ports.audience)",
  },
  {
    attack: 'sends an ID token as an access token: it is not let in',
    test: use,
    file: accessToken,
    original: 'verifyJwt(token, [TYPE], ',
    mutated: "verifyJwt(token, [TYPE, 'jwt'], ",
  },
  {
    attack: 'uses a signed introspection answer as an access token: it is not let in',
    test: use,
    file: jwt,
    original: "return types.includes(header.typ.toLowerCase().replace(/^application\\//, ''))",
    mutated: "return types.includes(header.typ) || header.typ === 'token-introspection+jwt'",
  },
  {
    attack: 'reads whose account a pairwise token is about: it cannot',
    test: use,
    file: 'src/oauth/token-account.ts',
    original: 'return account_id === sub ? undefined : seal(account_id, key, contextOf(sub), random)',
    mutated: 'return account_id === sub ? undefined : account_id',
  },
  {
    attack: 'puts the sealed account of one subject under the name of another: userinfo answers nobody',
    test: use,
    file: 'src/oauth/token-account.ts',
    original: 'return `access token of ${sub}`',
    mutated: "return sub === '' ? '' : 'access token'",
  },
  {
    attack: 'asks by name for claims that no scope of it opens, at another place: only those asked for come',
    test: use,
    file: 'src/grants/requested-claims.ts',
    original: 'name in requested.data[place]',
    mutated: "name in { ...requested.data.id_token, ...requested.data.userinfo } && place !== 'other'",
  },
  {
    attack: 'asks by name for claims of the protocol itself: they stay what they are',
    test: use,
    file: 'src/oauth/token/token-answer.ts',
    original: 'return issueIdToken(keyRing, { ...request, claims, person }, nowMs)',
    mutated:
      "return issueIdToken(keyRing, { ...request, claims: { ...claims, iss: 'https://evil.example' }, person }, nowMs)",
  },
  {
    attack: 'keeps a token of a client that was removed: userinfo tells it nothing more',
    test: use,
    file: 'src/oauth/userinfo.route.ts',
    original: 'if (account === undefined || client === undefined) {',
    mutated: 'if (account === undefined) {',
  },
  {
    attack: 'leaves the verifier out: nothing is issued',
    test: redemption,
    file: grantRequest,
    original: 'if (code_verifier === undefined && requiresChallenge(client)) {',
    mutated: 'if (code_verifier === undefined && requiresChallenge === undefined) {',
  },
  {
    attack: 'sends the challenge for the verifier: nothing is issued',
    test: redemption,
    file: grantRequest,
    original: 'code_verifier === undefined ? null : sha256(code_verifier)',
    mutated: 'code_verifier ?? null',
  },
  {
    attack: 'names the confidential client without its secret: nothing is issued',
    test: redemption,
    file: 'src/clients/client.ts',
    original: 'return registered === method || (',
    mutated: "return method === 'none' || registered === method || (",
  },
  {
    attack: 'calls userinfo with its own token: it learns nothing',
    test: redemption,
    file: 'src/oauth/userinfo.route.ts',
    original: "const SCOPE = 'openid'",
    mutated: "const SCOPE = 'read'",
  },
  {
    attack: 'sends an access token as an ID token hint: nobody is let in by it',
    test: use,
    file: 'src/oauth/authorize/id-token-hint.ts',
    original: "['jwt', '']",
    mutated: "['jwt', '', 'at+jwt']",
  },
  {
    attack: 'changes the header to alg none and drops the signature: it is not let in',
    test: use,
    file: jwt,
    original: "if (alg !== found.alg) return fail({ reason: 'algorithm_wrong' })",
    mutated: "if (alg === 'none') return ok({ kid, claims: jwt.claims })",
  },
  {
    attack: 'sends one that is expired, not yet valid, of another issuer or endless: it is not let in',
    test: use,
    file: accessToken,
    original: "if (exp * 1000 <= nowMs) return fail({ reason: 'token_expired' })",
    mutated: '',
  },
  {
    attack: 'compares the tokens of two clients for the account in them: they differ each time',
    test: use,
    file: 'src/oauth/token-account.ts',
    original: 'seal(account_id, key, contextOf(sub), random)',
    mutated: 'seal(account_id, key, contextOf(sub), (bytes) => new Uint8Array(bytes))',
  },
  {
    attack: 'has tokens live on after their grant: none is longer than an hour',
    test: use,
    file: 'src/oauth/token/token-answer.ts',
    original: 'Math.min(iat + accessTokenTtlSeconds, ',
    mutated: 'Math.min(iat + 60, ',
  },
]
