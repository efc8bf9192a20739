import type { Mutant } from './mutant.ts'

const redirects = 'test/attacks/authorize/redirects.test.ts'
const challenges = 'test/attacks/authorize/challenges.test.ts'
const objects = 'test/attacks/authorize/request-objects.test.ts'
const responses = 'test/attacks/authorize/responses.test.ts'
const people = 'test/attacks/authorize/people.test.ts'
const pushed = 'test/attacks/authorize/pushed-requests.test.ts'

const redirectUri = 'src/clients/redirect-uri.ts'
const request = 'src/oauth/authorize/authorization-request.ts'
const checks = 'src/oauth/authorize/request-checks.ts'
const requestObject = 'src/oauth/authorize/request-object.ts'
const effective = 'src/oauth/authorize/effective-parameters.ts'
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
    attack: 'signs it with nothing, and gets no code',
    test: objects,
    file: 'src/clients/client-keys.ts',
    original: "if (!allowed.includes(jwt.header.alg)) return fail({ reason: 'algorithm_wrong' })",
    mutated: 'if (!allowed.includes(jwt.header.alg)) return ok(jwt.claims)',
  },
  {
    attack: 'signs it with the public key of the client as a secret, and gets no code',
    test: objects,
    file: 'src/clients/client-keys.ts',
    original: "if (!allowed.includes(jwt.header.alg)) return fail({ reason: 'algorithm_wrong' })",
    mutated: 'if (!allowed.includes(jwt.header.alg)) return ok(jwt.claims)',
  },
  {
    attack: 'signs it with a key of his own, and gets no code',
    test: objects,
    file: requestObject,
    original:
      "if (!verified.ok) return fail({ reason: 'request_object_unverified' })\n  const claims = verified.value",
    mutated:
      "const claims: Readonly<Record<string, unknown>> = verified.ok ? verified.value : JSON.parse(atob((object.reveal().split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')))",
  },
  {
    attack: 'takes one of another client with the same keys, and gets no code',
    test: objects,
    file: requestObject,
    original: 'const isByClient = envelope.iss === client_id && ',
    mutated: 'const isByClient = ',
  },
  {
    attack: 'takes one that was made for another server, and gets no code',
    test: objects,
    file: requestObject,
    original: ' && audience.includes(issuer)',
    mutated: ' && audience.length > 0',
  },
  {
    attack: 'takes what the client signed to authenticate itself, and gets no code',
    test: objects,
    file: requestObject,
    original: 'envelope.sub !== client_id && ',
    mutated: '',
  },
  {
    attack: 'takes one from a log after it has expired, and gets no code',
    test: objects,
    file: requestObject,
    original: 'if (exp !== undefined && exp <= now - clockSkewSeconds) return false\n',
    mutated: '',
  },
  {
    attack: 'writes parameters beside it, and none of them counts',
    test: objects,
    file: effective,
    original: 'return ok({ ...plain(parameters.value), isSigned: true })',
    mutated: 'return ok({ ...plain({ ...parameters.value, ...beside }), isSigned: true })',
  },
  {
    attack: 'names a second place to read from inside it, and nothing is fetched',
    test: objects,
    file: requestObject,
    original: "if ('request' in claims || 'request_uri' in claims)",
    mutated: "if ('request' in claims)",
  },
  {
    attack: 'drops it and sends plain parameters for a client that always signs, and gets no code',
    test: objects,
    file: checks,
    original: 'return metadata.require_signed_request_object && !isSigned ?',
    mutated: 'return metadata.require_signed_request_object && isSigned ?',
  },
  {
    attack: 'sends a FAPI client signed with RS256, and gets no code',
    test: objects,
    file: 'src/clients/client-keys.ts',
    original: "signatureAlgs.filter((name) => name !== 'RS256')",
    mutated: 'signatureAlgs',
  },
  {
    attack: 'names a place that the client did not register, and nothing is fetched',
    test: objects,
    file: effective,
    original:
      "if (!isRegisteredRequestUri(request_uri, client)) return fail({ reason: 'request_uri_unregistered' })",
    mutated: 'void isRegisteredRequestUri',
  },
  {
    attack: 'has registered a place that only this server reaches, and nothing is fetched',
    test: objects,
    file: 'src/http/outbound.ts',
    original:
      "if (outboundFault(url, rules) !== undefined) return fail({ reason: 'document_address_refused' })",
    mutated: 'void outboundFault',
  },
  {
    attack: 'exchanges the request behind the page that asks for consent, and the answer does not count',
    test: objects,
    file: 'src/people/consent.route.ts',
    original: '${authorizePath(request)} ${request.fingerprint}',
    mutated: '${authorizePath(request)}',
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
  {
    attack: 'brings it for another client, and gets no code',
    test: pushed,
    file: 'src/grants/grant.ts',
    original: 'if (bound.client_id !== presented.client_id) return',
    mutated: "if (bound.client_id !== presented.client_id && presented.kind !== 'pushed_request') return",
  },
  {
    attack: 'completes it in many tabs at once, and one code comes of it',
    test: pushed,
    file: authorization,
    original: "return isFirst.value ? ok(code.reveal()) : fail({ reason: 'pushed_request_unknown' })",
    mutated: 'return ok(code.reveal())',
  },
  {
    attack: 'completes it again, and gets no second code',
    test: pushed,
    file: authorization,
    original: 'if (pushed_uri === undefined) return ok(true)',
    mutated: 'if (pushed_uri !== client.client_id) return ok(true)',
  },
  {
    attack: 'sends the same request without pushing it for a client that pushes, and gets no code',
    test: pushed,
    file: checks,
    original: "return mustPush && !isPushed ? 'request_unpushed' : undefined",
    mutated: "return mustPush && isPushed ? 'request_unpushed' : undefined",
  },
  {
    attack: 'names one request by value and one by reference, and gets no code',
    test: pushed,
    file: effective,
    original:
      "if (request !== undefined && request_uri !== undefined) return fail({ reason: 'request_twice' })\n",
    mutated: '',
  },
  {
    attack: 'writes parameters beside it, and none of them counts',
    test: pushed,
    file: effective,
    original: '    return readPushed(request_uri, client, ports, nowMs)',
    mutated:
      '    const found = await readPushed(request_uri, client, ports, nowMs)\n    return found.ok ? ok({ ...found.value, parameters: { ...found.value.parameters, ...parameters } }) : found',
  },
]
