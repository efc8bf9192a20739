import type { Mutant } from './mutant.ts'

const test = 'test/attacks/par/pushed-request.test.ts'

export const mutants: readonly Mutant[] = [
  {
    attack: 'bringing the request of another client under its own name gets no code',
    test,
    file: 'src/grants/grant.ts',
    original: "if (bound.client_id !== presented.client_id) return { reason: 'client_mismatch' }",
    mutated: '',
  },
  {
    attack: 'bringing a request again after its code was issued gets no second one',
    test,
    file: 'src/grants/redeem.ts',
    original: "if (held.spent_at !== null) return fail({ reason: 'spent', spent_at: held.spent_at })",
    mutated: '',
  },
  {
    attack: 'bringing one request from twenty tabs at once gets one code',
    test,
    file: 'src/oauth/authorize/authorization.ts',
    original: "return isFirst.value ? ok(code.reveal()) : fail({ reason: 'pushed_request_unknown' })",
    mutated: 'return ok(code.reveal())',
  },
  {
    attack: 'making up a handle reaches no object',
    test,
    file: 'src/grants/one-time-handle.ts',
    original: 'prefix !== PREFIXES[kind] || !constantTimeEqual(mac, mac128(key, body))',
    mutated: 'prefix !== PREFIXES[kind]',
  },
  {
    attack: 'coming with a request for the first time after a minute gets no code',
    test,
    file: 'src/grants/redeem.ts',
    original: "if (held.expires_at <= now) return fail({ reason: 'expired' })",
    mutated: '',
  },
  {
    attack: 'keeping a request alive by visiting it again and again does not outlast ten minutes',
    test,
    file: 'src/grants/pushed-request.ts',
    original: 'if (held.opened_at !== null) return { answer, changes: [] }',
    mutated: '',
  },
  {
    attack: 'writing another scope and state beside the request changes nothing in it',
    test,
    file: 'src/oauth/authorize/effective-parameters.ts',
    original: 'return readPushed(request_uri, client, ports)',
    mutated:
      'return readPushed(request_uri, client, ports).then((found) => found.ok ? ok({ ...found.value, parameters: { ...found.value.parameters, ...parameters } }) : found)',
  },
  {
    attack: 'pushing a request_uri does not chain one request to another',
    test,
    file: 'src/oauth/authorize/effective-parameters.ts',
    original: "if (request_uri !== undefined) return fail({ reason: 'request_object_nested' })",
    mutated: '',
  },
  {
    attack: 'pushing in the name of a confidential client without its secret keeps nothing',
    test,
    file: 'src/clients/client.ts',
    original:
      "return registered === method || (registered === 'client_secret_any' && method.startsWith('client_secret_'))",
    mutated: "return method === 'none' || registered === method",
  },
  {
    attack: 'pushing an unregistered redirect URI is refused before a browser comes',
    test,
    file: 'src/oauth/authorize/authorization-request.ts',
    original: "if (!isRegistered) return fail({ reason: 'redirect_uri_unregistered' })",
    mutated: '',
  },
  {
    attack: 'naming one key and proving another binds nothing to either',
    test,
    file: 'src/oauth/par/par.route.ts',
    original:
      "if (named !== null && proved !== null && named !== proved) return fail({ reason: 'keys_contradictory' })",
    mutated: '',
  },
  {
    attack: 'leaving out what was pushed is refused for a client that must push',
    test,
    file: 'src/oauth/authorize/request-checks.ts',
    original: "return mustPush && !isPushed ? 'request_unpushed' : undefined",
    mutated: 'return undefined',
  },
  {
    attack: 'filling the store with requests is stopped at the limit of the client',
    test,
    file: 'src/oauth/par/par.route.ts',
    original: 'if (!counted.admitted) return refuse(c, counted)',
    mutated: '',
  },
  {
    attack: 'pushing with the credentials of one client a request of another is refused',
    test,
    file: 'src/clients/authentication.ts',
    original: "return fail({ reason: 'client_id_mismatch' })",
    mutated: '',
  },
]
