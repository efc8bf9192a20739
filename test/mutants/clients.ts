import type { Mutant } from './mutant.ts'

const assertion = 'test/attacks/clients/assertion.test.ts'
const authentication = 'test/attacks/clients/authentication.test.ts'
const clientKeys = 'src/clients/client-keys.ts'
const clientAssertion = 'src/clients/client-assertion.ts'
const authenticationRule = 'src/clients/authentication.ts'

export const mutants: readonly Mutant[] = [
  {
    attack: 'an unsigned assertion (alg none) opens nothing',
    test: assertion,
    file: clientKeys,
    original: "if (!allowed.includes(jwt.header.alg)) return fail({ reason: 'algorithm_wrong' })",
    mutated: "if (jwt.header.alg.toLowerCase() === 'none') return ok(jwt.claims)",
  },
  {
    attack: 'an assertion under HMAC with the public key for its secret opens nothing',
    test: assertion,
    file: clientKeys,
    original: "if (!allowed.includes(jwt.header.alg)) return fail({ reason: 'algorithm_wrong' })",
    mutated: 'if (!allowed.includes(jwt.header.alg)) return ok(jwt.claims)',
  },
  {
    attack: 'an assertion signed with a key of the attacker opens nothing',
    test: assertion,
    file: clientKeys,
    original: 'const failure = await findSignatureFault(token.reveal(), found.value)',
    mutated: 'const failure = found.ok ? undefined : await findSignatureFault(token.reveal(), found)',
  },
  {
    attack: 'a kid that is a path, a query or a member of every object names no key',
    test: assertion,
    file: 'src/signing/remote-key-set.ts',
    original: 'if (kid !== undefined) return named.get(kid)',
    mutated: 'if (kid !== undefined && named.has(kid)) return named.get(kid)',
  },
  {
    attack: 'an assertion that points to keys (jku, x5u) is refused, and nothing is fetched',
    test: assertion,
    file: clientKeys,
    original:
      "if (KEY_MEMBERS.some((name) => name in jwt.header)) return fail({ reason: 'header_forbidden' })\n",
    mutated: "if (KEY_MEMBERS.length === 0) return fail({ reason: 'header_forbidden' })\n",
  },
  {
    attack: 'an assertion that brings a key with it (jwk, x5c) is refused',
    test: assertion,
    file: clientKeys,
    original: "const KEY_MEMBERS = ['jku', 'jwk', 'x5u', 'x5c'] as const",
    mutated: "const KEY_MEMBERS = ['jku', 'x5u'] as const",
  },
  {
    attack: 'an assertion with a critical extension is refused, also one that the library would know',
    test: assertion,
    file: 'src/signing/jwt.ts',
    original: " || 'crit' in header ?",
    mutated: ' ?',
  },
  {
    attack: 'an assertion that was seen opens nothing a second time',
    test: assertion,
    file: clientAssertion,
    original: "return use === 'first' ? ok(client) : fail({ reason: 'assertion_repeated' })",
    mutated: "return use.length > 0 ? ok(client) : fail({ reason: 'assertion_repeated' })",
  },
  {
    attack: 'an assertion that is presented many times at once opens once',
    test: assertion,
    file: clientAssertion,
    original: "return use === 'first' ? ok(client) : fail({ reason: 'assertion_repeated' })",
    mutated: "return use.length > 0 ? ok(client) : fail({ reason: 'assertion_repeated' })",
  },
  {
    attack: 'a forged assertion does not spend the jti of the honest one',
    test: assertion,
    file: clientAssertion,
    original: '  const verified = await verifyClientJwt(',
    mutated:
      "  const jti = String(readJwt(assertion)?.claims['jti'])\n  const expires_at = epochSeconds(nowMs) + 60\n  await ports.spendOnce({ kind: 'assertion', owner: client.client_id, jti, expires_at })\n  const verified = await verifyClientJwt(",
  },
  {
    attack: 'an assertion that was made for another server opens nothing',
    test: assertion,
    file: clientAssertion,
    original: "if (!isForUs(claims.aud, client, endpoint, ports)) return fail({ reason: 'audience_wrong' })",
    mutated: 'void isForUs(claims.aud, client, endpoint, ports)',
  },
  {
    attack: 'a fapi2 client’s assertion with us among its audiences opens nothing',
    test: assertion,
    file: clientAssertion,
    original: "if (metadata.profile === 'fapi2') return aud === ports.issuer",
    mutated: "if (metadata.profile === 'fapi2') return aud.includes(ports.issuer)",
  },
  {
    attack: 'a fapi2 client’s assertion for an endpoint in place of the issuer opens nothing',
    test: assertion,
    file: clientAssertion,
    original: "if (metadata.profile === 'fapi2') return aud === ports.issuer",
    mutated: "if (metadata.profile === 'fapi2' && typeof aud !== 'string') return false",
  },
  {
    attack: 'an assertion that has expired opens nothing',
    test: assertion,
    file: clientAssertion,
    original: "if (exp + clockSkewSeconds <= now) return { reason: 'assertion_expired' }",
    mutated: "if (exp <= 0) return { reason: 'assertion_expired' }",
  },
  {
    attack: 'an assertion that would be good for a year opens nothing',
    test: assertion,
    file: clientAssertion,
    original:
      "if (exp - now > assertionLifetimeSecondsMax + clockSkewSeconds) return { reason: 'assertion_too_long' }",
    mutated: "if (exp - now > assertionLifetimeSecondsMax * 200_000) return { reason: 'assertion_too_long' }",
  },
  {
    attack: 'an assertion from the future opens nothing yet',
    test: assertion,
    file: clientAssertion,
    original:
      "if (Math.max(nbf ?? now, iat ?? now) - clockSkewSeconds > now) return { reason: 'assertion_not_yet_valid' }",
    mutated: "if (Math.max(nbf ?? now, iat ?? now) < 0) return { reason: 'assertion_not_yet_valid' }",
  },
  {
    attack: 'an assertion of one client about another opens nothing',
    test: assertion,
    file: clientAssertion,
    original:
      "if (claims.iss !== client_id || claims.sub !== client_id) return fail({ reason: 'subject_wrong' })",
    mutated: "if (claims.sub !== client_id) return fail({ reason: 'subject_wrong' })",
  },
  {
    attack: 'an assertion without a jti, which could be replayed, opens nothing',
    test: assertion,
    file: clientAssertion,
    original: 'jti: z.string().min(1).max(identifierCharactersMax),',
    mutated: 'jti: z.string().default(() => crypto.randomUUID()),',
  },
  {
    attack: 'a request object or a proof that the client signed does not pass for an assertion',
    test: assertion,
    file: clientKeys,
    original: "if (!isOfType(jwt, expected.types)) return fail({ reason: 'token_type_wrong' })",
    mutated: 'void isOfType(jwt, expected.types)',
  },
  {
    attack: 'while it cannot be known whether an assertion was seen, it opens nothing',
    test: assertion,
    file: clientAssertion,
    original: "    return fail({ reason: 'storage_unavailable' })",
    mutated: '    return ok(client)',
  },
  {
    attack: 'a client with a secret is not let in by its name alone',
    test: authentication,
    file: authenticationRule,
    original: "if (!authenticatesBy(client, method)) return fail({ reason: 'method_mismatch', method })",
    mutated: 'void authenticatesBy(client, method)',
  },
  {
    attack: 'a client with keys is not let in by a secret that it once had',
    test: authentication,
    file: authenticationRule,
    original: "if (!authenticatesBy(client, method)) return fail({ reason: 'method_mismatch', method })",
    mutated: 'void authenticatesBy(client, method)',
  },
  {
    attack: 'a client with keys is not let in by its name alone',
    test: authentication,
    file: authenticationRule,
    original: "if (!authenticatesBy(client, method)) return fail({ reason: 'method_mismatch', method })",
    mutated: 'void authenticatesBy(client, method)',
  },
  {
    attack: 'an assertion beside a secret is refused, whichever of them is right',
    test: authentication,
    file: authenticationRule,
    original:
      "if (credentials.scheme !== 'none' || client_secret !== undefined) return fail({ reason: 'methods_several' })",
    mutated: 'void [credentials, client_secret]',
  },
  {
    attack: 'an assertion of one client does not speak for another that the request names',
    test: authentication,
    file: authenticationRule,
    original: "const client_id = presented.client_id ?? unverifiedClient(client_assertion) ?? ''",
    mutated: "const client_id = unverifiedClient(client_assertion) ?? ''",
  },
  {
    attack: 'a method that is unknown is no method',
    test: authentication,
    file: authenticationRule,
    original:
      "if (client_assertion_type !== assertionType) return fail({ reason: 'assertion_type_unknown' })",
    mutated: 'void assertionType',
  },
  {
    attack: 'failures do not tell which clients exist',
    test: authentication,
    file: authenticationRule,
    original: 'client_id: bucketOf(client_id), address',
    mutated: "client_id: client?.client_id ?? '', address",
  },
]
