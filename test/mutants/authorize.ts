import type { Mutant } from './mutant.ts'

const redirects = 'test/attacks/authorize/redirects.test.ts'
const challenges = 'test/attacks/authorize/challenges.test.ts'
const responses = 'test/attacks/authorize/responses.test.ts'
const people = 'test/attacks/authorize/people.test.ts'
const redirectUri = 'src/clients/redirect-uri.ts'
const request = 'src/oauth/authorize/authorization-request.ts'
const checks = 'src/oauth/authorize/request-checks.ts'
const authorization = 'src/oauth/authorize/authorization.ts'
const formPost = 'src/oauth/authorize/form-post.page.tsx'
const exactMatch = 'return registered.some((uri) => uri === requested ||'
const isRegistered = "if (!isRegistered) return fail({ reason: 'redirect_uri_unregistered' })"

export const mutants: readonly Mutant[] = [
  {
    attack: 'adds a path or a query to the redirect URI, and is led nowhere',
    test: redirects,
    file: redirectUri,
    original: exactMatch,
    mutated: 'return registered.some((uri) => requested.startsWith(uri) ||',
  },
  {
    attack: 'writes the same address in another way, and is led nowhere',
    test: redirects,
    file: redirectUri,
    original: exactMatch,
    mutated:
      'return registered.some((uri) => uri.toLowerCase() === requested.toLowerCase() || URL.parse(uri)?.href === URL.parse(requested)?.href ||',
  },
  {
    attack: 'names a host that resembles the right one, and is led nowhere',
    test: redirects,
    file: redirectUri,
    original: exactMatch,
    mutated: 'return registered.some((uri) => requested.includes(new URL(uri).hostname) ||',
  },
  {
    attack: 'listens at another port of localhost, and is led nowhere',
    test: redirects,
    file: redirectUri,
    original: String.raw`const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\])`,
    mutated: String.raw`const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)`,
  },
  {
    attack: 'listens at the other loopback address, and is led nowhere',
    test: redirects,
    file: redirectUri,
    original: 'host === requestedHost && ',
    mutated: 'requestedHost !== undefined && ',
  },
  {
    attack: 'listens at loopback with another path, and is led nowhere',
    test: redirects,
    file: redirectUri,
    original: 'rest === requestedRest && ',
    mutated: '',
  },
  {
    attack: 'makes an error lead to an address that is not registered, and nobody is led there',
    test: redirects,
    file: request,
    original: isRegistered,
    mutated: 'void isRegistered',
  },
  {
    attack: 'writes an address of his own beside a broken request object, and nobody is led there',
    test: redirects,
    file: request,
    original: 'return beside.ok ? beside.value : undefined',
    mutated:
      "return beside.ok ? beside.value : { client, redirect_uri: parameters.redirect_uri ?? '', response_mode: defaultResponseMode, state: undefined }",
  },
  {
    attack: 'has the browser sent to the redirect URI of another client, and nobody is led there',
    test: redirects,
    file: request,
    original: isRegistered,
    mutated: 'void isRegistered',
  },
  {
    attack: 'asks for a challenge that is the verifier itself, and gets no code',
    test: challenges,
    file: checks,
    original: "if (code_challenge_method !== 'S256')",
    mutated: "if (code_challenge_method !== 'S256' && code_challenge_method !== 'plain')",
  },
  {
    attack: 'leaves the challenge of an app out, and gets no code',
    test: challenges,
    file: checks,
    original: 'isOpenId && !requiresChallenge(client) && ',
    mutated: 'isOpenId && ',
  },
  {
    attack: 'leaves only the challenge method out, which would mean plain, and gets no code',
    test: challenges,
    file: checks,
    original: "if (code_challenge_method !== 'S256')",
    mutated: "if ((code_challenge_method ?? 'S256') !== 'S256')",
  },
  {
    attack: 'takes the challenge out of a link, and the code does not go with the verifier of the client',
    test: challenges,
    file: 'src/grants/grant.ts',
    original: 'return presented.code_challenge === bound.code_challenge ?',
    mutated: 'return bound.code_challenge === null || presented.code_challenge === bound.code_challenge ?',
  },
  {
    attack: 'redeems a code with a challenge and no verifier, and gets no tokens',
    test: challenges,
    file: 'src/grants/grant.ts',
    original: 'return presented.code_challenge === bound.code_challenge ?',
    mutated:
      'return presented.code_challenge === null || presented.code_challenge === bound.code_challenge ?',
  },
  {
    attack: 'writes a script into state, and it does not become part of the page',
    test: responses,
    file: formPost,
    original: '<input type="hidden" name={name} value={value} />',
    mutated:
      '<span dangerouslySetInnerHTML={{ __html: `<input type="hidden" name="${name}" value="${value}"/>` }} />',
  },
  {
    attack: 'gets a script into the page all the same, and it would not run',
    test: responses,
    file: formPost,
    original: 'script-src ${SCRIPT_SOURCE}',
    mutated: "script-src 'unsafe-inline'",
  },
  {
    attack: 'makes the form of the page lead elsewhere, and the browser would not send it',
    test: responses,
    file: formPost,
    original: 'pagePolicy(formTarget(redirect_uri))',
    mutated: "pagePolicy(['https:'])",
  },
  {
    attack: 'asks a FAPI client to be answered where a script of the page reads it, and gets no code',
    test: responses,
    file: checks,
    original: "mode !== undefined && (metadata.profile !== 'fapi2' || mode.place === 'query')",
    mutated: 'mode !== undefined && metadata.response_types.length > 0',
  },
  {
    attack: 'runs another server that the client uses, and cannot pass our response for his',
    test: responses,
    file: 'src/oauth/authorize/authorization-response.ts',
    original: '{ ...parameters, iss: ports.issuer }',
    mutated: '{ ...parameters }',
  },
  {
    attack: 'hands the signed response of one client to another, and it says whose it is',
    test: responses,
    file: 'src/oauth/authorize/signed-response.ts',
    original: 'aud: client.client_id, exp, ',
    mutated: 'exp, ',
  },
  {
    attack: 'keeps a signed response for later, and it has an end',
    test: responses,
    file: 'src/oauth/authorize/signed-response.ts',
    original: 'aud: client.client_id, exp, ',
    mutated: 'aud: client.client_id, ',
  },
  {
    attack: 'asks silently where consent was never given, and gets none',
    test: people,
    file: authorization,
    original: "request.client.first_party ? 'waived'",
    mutated: "request.client.first_party || request.prompts.includes('none') ? 'waived'",
  },
  {
    attack: 'asks silently where nobody is signed in, and gets none',
    test: people,
    file: authorization,
    original: "isSilent ? refuse(request, 'login_required') :",
    mutated: "isSilent && request.state === '' ? refuse(request, 'login_required') :",
  },
  {
    attack: 'moves the beginning of the request into the past, and the sign-in is still asked for',
    test: people,
    file: 'src/oauth/authorize/request-start.ts',
    original: "if (mac === '' || !constantTimeEqual(mac, macOf(start, parameters, key))) return undefined",
    mutated: "if (mac === '' || constantTimeEqual(mac, macOf(start, parameters, key))) return undefined",
  },
  {
    attack: 'shows the ID token that another client has as a hint, and gets none',
    test: people,
    file: 'src/oauth/authorize/id-token-hint.ts',
    original: ' || claims.data.aud !== client_id',
    mutated: " || client_id === ''",
  },
  {
    attack: 'has a hint about somebody else while another is signed in, and gets no code for the wrong one',
    test: people,
    file: authorization,
    original: 'return (hinted_sub ?? sub) === sub && ',
    mutated: "return hinted_sub !== '' && ",
  },
  {
    attack: 'demands the sub of one person while another is signed in, and gets no code for the wrong one',
    test: people,
    file: authorization,
    original: ' && (claims?.subs ?? [sub]).includes(sub)',
    mutated: ' && claims?.canonical !== sub',
  },
  {
    attack: 'has a password only where the client demands two factors, and gets none',
    test: people,
    file: 'src/oauth/authorize/acr-requirement.ts',
    original: "acr.values.some((value) => meetsAcr(amr, value)) ? 'met' : 'unmet'",
    mutated: "acr.values.some((value) => meetsAcr(amr, value)) ? 'met' : 'met'",
  },
  {
    attack: 'names a level that is nobody’s beside the one that is demanded, and it counts for nothing',
    test: people,
    file: checks,
    original: "return acr?.isEssential === true && acr.values.length === 0 ? 'acr_unmet' : undefined",
    mutated: "return acr?.isEssential === true && acr.values.length < 0 ? 'acr_unmet' : undefined",
  },
]
