import type { Mutant } from './mutant.ts'

const objects = 'test/attacks/authorize/request-objects.test.ts'
const pushed = 'test/attacks/authorize/pushed-requests.test.ts'
const checks = 'src/oauth/authorize/request-checks.ts'
const requestObject = 'src/oauth/authorize/request-object.ts'
const effective = 'src/oauth/authorize/effective-parameters.ts'
const authorization = 'src/oauth/authorize/authorization.ts'

export const mutants: readonly Mutant[] = [
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
    file: 'src/people/consent/consent.route.ts',
    original: '${authorizePath(request)} ${request.fingerprint}',
    mutated: '${authorizePath(request)}',
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
    attack: 'has it fetched over and over from one address: past the bound nothing is fetched',
    test: objects,
    file: 'src/oauth/authorize/request-uri.ts',
    original: "    if (!admitted) return fail({ reason: 'request_uris_exceeded' })\n",
    mutated: "    if (!admitted && address === '') return fail({ reason: 'request_uris_exceeded' })\n",
  },
  {
    attack: 'writes parameters beside it, and none of them counts',
    test: pushed,
    file: effective,
    original: '    return readPushed(request_uri, client, ports)',
    mutated:
      '    const found = await readPushed(request_uri, client, ports)\n    return found.ok ? ok({ ...found.value, parameters: { ...found.value.parameters, ...parameters } }) : found',
  },
]
