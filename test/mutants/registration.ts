import type { Mutant } from './mutant.ts'

const outbound = 'test/attacks/clients/outbound.test.ts'
const registration = 'test/attacks/clients/registration.test.ts'
const outboundGuard = 'src/http/outbound.ts'
const management = 'src/clients/registration-management.route.ts'

export const mutants: readonly Mutant[] = [
  {
    attack: 'keys at an address that only this server reaches are never registered',
    test: outbound,
    file: 'src/clients/metadata-urls.ts',
    original: '    const fault = url === undefined ? undefined : outboundFault(url, { loopbackIsAllowed })',
    mutated: "    const fault = url === '' ? outboundFault(url, { loopbackIsAllowed }) : undefined",
  },
  {
    attack: 'a sector document at an address that only this server reaches is not asked for',
    test: outbound,
    file: outboundGuard,
    original:
      "if (outboundFault(url, rules) !== undefined) return fail({ reason: 'document_address_refused' })",
    mutated: "if (url === '') return fail({ reason: 'document_address_refused' })",
  },
  {
    attack: 'a sector document that leads on to another address is not followed',
    test: outbound,
    file: outboundGuard,
    original: "redirect: 'manual'",
    mutated: "redirect: 'follow'",
  },
  {
    attack: 'messages of logout are not sent to where only this server reaches',
    test: outbound,
    file: 'src/http/public-host.ts',
    original: "return isPublicAddress(ipaddr.parse(address)) ? undefined : 'must be a public address'",
    mutated: 'return undefined',
  },
  {
    attack: 'a key set without end is not read to its end',
    test: outbound,
    file: outboundGuard,
    original: 'readText(response, rules.bytesMax)',
    mutated: 'readText(response, Number.MAX_SAFE_INTEGER)',
  },
  {
    attack: 'a document that is sent for ever is given up',
    test: outbound,
    file: outboundGuard,
    original: 'signal: AbortSignal.timeout(rules.timeoutMs)',
    mutated: 'signal: new AbortController().signal',
  },
  {
    attack: 'a stream of made-up kids does not make us flood a key set',
    test: outbound,
    file: 'src/signing/remote-jwks.ts',
    original: 'if (nowMs - endedAtMs < unknownKidCooldownMs) return false',
    mutated: 'if (nowMs < endedAtMs) return false',
  },
  {
    attack: 'a page that happens to hold keys is no key set',
    test: outbound,
    file: outboundGuard,
    original: "return mediaTypes.includes(type) ? undefined : { reason: 'document_type_wrong' }",
    mutated: "return mediaTypes.length > 0 || type === '' ? undefined : { reason: 'document_type_wrong' }",
  },
  {
    attack: 'a shared secret in a key set is no key',
    test: outbound,
    file: 'src/clients/metadata-rules.ts',
    original: "'qi', 'oth', 'k'] as const",
    mutated: "'qi', 'oth'] as const",
  },
  {
    attack: 'the registration token of one client reads nothing of another',
    test: registration,
    file: management,
    original: 'if (registration === undefined || (own !== undefined && !isOwn)) return fail(UNKNOWN)',
    mutated: 'if (registration === undefined || isOwn === undefined) return fail(UNKNOWN)',
  },
  {
    attack: 'the registration token of one client changes nothing of another',
    test: registration,
    file: management,
    original: 'if (registration === undefined || (own !== undefined && !isOwn)) return fail(UNKNOWN)',
    mutated: 'if (registration === undefined || isOwn === undefined) return fail(UNKNOWN)',
  },
  {
    attack: 'the registration token of one client removes no other',
    test: registration,
    file: management,
    original: 'if (registration === undefined || (own !== undefined && !isOwn)) return fail(UNKNOWN)',
    mutated: 'if (registration === undefined || isOwn === undefined) return fail(UNKNOWN)',
  },
  {
    attack: 'an access token that does not manage changes no registration',
    test: registration,
    file: management,
    original: "requireBearer(c, ports.bearer, 'manage')",
    mutated: 'requireBearer(c, ports.bearer)',
  },
  {
    attack: 'a client does not name another one in the body of its own change',
    test: registration,
    file: management,
    original: "if (named.client_id !== client_id) return 'client_id: must be the one that is in the path'",
    mutated: 'void client_id',
  },
  {
    attack: 'a client does not give itself the scopes of an operator by changing its registration',
    test: registration,
    file: management,
    original: 'const isAnonymous = registration_access_token !== undefined',
    mutated: 'const isAnonymous = registration_access_token === undefined',
  },
  {
    attack: 'a client does not make itself one of ours by changing its registration',
    test: registration,
    file: 'src/clients/client.store.ts',
    original: '.set({ client_secret_digest, metadata: toText(metadata), updated_at })',
    mutated: '.set({ client_secret_digest, metadata: toText(metadata), updated_at, first_party: true })',
  },
  {
    attack: 'a client does not choose its secret',
    test: registration,
    file: management,
    original: '  return constantTimeEqual(sha256(named.client_secret), client_secret_digest ?? NO_DIGEST)\n',
    mutated:
      '  return constantTimeEqual(client_secret_digest ?? NO_DIGEST, client_secret_digest ?? NO_DIGEST)\n',
  },
  {
    attack: 'nobody registers the scopes of an operator without being one',
    test: registration,
    file: 'src/clients/registration.ts',
    original: '(policy.isAnonymous ? faultInAnonymous(metadata, policy.vouched) : undefined)',
    mutated: '(policy.vouched ? faultInAnonymous(metadata, policy.vouched) : undefined)',
  },
  {
    attack: 'nobody registers a redirect that a browser runs or shows instead of leading away',
    test: registration,
    file: 'src/clients/registration.ts',
    original:
      "if (uriFault !== undefined) return fail({ reason: 'redirect_uri_invalid', message: uriFault })",
    mutated: 'void uriFault',
  },
  {
    attack: 'nobody registers a logo, a policy or a sign-in that is a script',
    test: registration,
    file: 'src/clients/metadata.contract.ts',
    original: "const httpsUrl = z.url({ protocol: /^https$/, error: 'must be an https URL' })",
    mutated: "const httpsUrl = z.url({ error: 'must be an https URL' })",
  },
  {
    attack: 'nobody joins a sector to learn who the people of others are',
    test: registration,
    file: 'src/clients/sector-identifier.ts',
    original: 'const missing = redirect_uris.find((uri) => !listed.includes(uri))',
    mutated: 'const missing = redirect_uris.find(() => listed.length === 0)',
  },
  {
    attack: 'nobody loads a frame of another site when somebody signs out',
    test: registration,
    file: 'src/clients/metadata-urls.ts',
    original: '  if (frontchannel_logout_uri === undefined) return undefined\n',
    mutated: '  if (frontchannel_logout_uri === undefined || redirect_uris.length > 0) return undefined\n',
  },
  {
    attack: 'the address of a registration does not tell which clients exist',
    test: registration,
    file: management,
    original: 'if (registration === undefined || (own !== undefined && !isOwn)) return fail(UNKNOWN)',
    mutated:
      "if (registration === undefined) return fail({ reason: 'bearer_missing' })\n  if (own !== undefined && !isOwn) return fail(UNKNOWN)",
  },
  {
    attack: 'nobody joins a sector by an address of their own app that looks like one of its host',
    test: registration,
    file: 'src/clients/subject.ts',
    original: "  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.hostname : ''",
    mutated: "  return url?.hostname ?? ''",
  },
  {
    attack: 'nobody joins a sector by an address that they need not receive anything at',
    test: registration,
    file: 'src/clients/registration.ts',
    original: "return subject_type === 'pairwise' && grant_types.includes(DEVICE_GRANT)",
    mutated: 'return subject_type.length + grant_types.length === 0',
  },
  {
    attack: 'nobody has documents fetched without end by changing a registration',
    test: registration,
    file: management,
    original:
      '  if (registration_access_token === undefined) return { admitted: true, retryAfterSeconds: 0 }',
    mutated: '  if (registration_access_token !== limiter) return { admitted: true, retryAfterSeconds: 0 }',
  },
]
