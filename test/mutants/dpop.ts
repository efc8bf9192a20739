import type { Mutant } from './mutant.ts'

const proofs = 'test/attacks/dpop/proof.test.ts'
const parts = 'src/signing/dpop-proof-parts.ts'
const proof = 'src/signing/dpop-proof.ts'
const target = 'src/signing/dpop-target.ts'
const METHOD = "  if (claims.htm !== method) return { reason: 'proof_method_wrong' }\n"
const TARGET = "  if (normalTarget(claims.htu) !== target) return { reason: 'proof_target_wrong' }\n"
const TYPE = "  if (header['typ'] !== 'dpop+jwt') return fail({ reason: 'proof_type_wrong' })\n"
const REPEATED = "return spent === 'first' ? ok({ jkt: use.owner }) : fail({ reason: 'proof_repeated' })"

export const mutants: readonly Mutant[] = [
  {
    attack: 'asks by crit for an extension that nobody knows: it is not ignored',
    test: proofs,
    file: 'src/signing/jwt.ts',
    original: " || 'crit' in header ? undefined",
    mutated: ' ? undefined',
  },
  {
    attack: 'leaves the signature away: no token comes of it',
    test: proofs,
    file: proof,
    original: '  if ((await findSignatureFault(text, key.value)) !== undefined) {',
    mutated: '  if (!text.endsWith(".") && (await findSignatureFault(text, key.value)) !== undefined) {',
  },
  {
    attack: 'uses RS256, which this server does not take in proofs: no token comes of it',
    test: proofs,
    file: parts,
    original: "export const proofAlgs = ['ES256', 'PS256', 'EdDSA'] as const",
    mutated: "export const proofAlgs = ['ES256', 'PS256', 'EdDSA', 'RS256'] as const",
  },
  {
    attack: 'puts the key of somebody else into the header: the signature is not that key’s',
    test: proofs,
    file: proof,
    original: '  if ((await findSignatureFault(text, key.value)) !== undefined) {',
    mutated: '  if ((await findSignatureFault(text, key.value)) !== undefined && text === "") {',
  },
  {
    attack: 'sends the private key along: a key that is no secret any more proves nothing',
    test: proofs,
    file: parts,
    original: '|| PRIVATE_MEMBERS.some((name) => name in value)) return undefined',
    mutated: ') return undefined',
  },
  {
    attack: 'presents another JWT that the client signed, of the type JWT: it is no proof',
    test: proofs,
    file: parts,
    original: TYPE,
    mutated: '',
  },
  {
    attack: 'presents one without a type at all: it is no proof',
    test: proofs,
    file: parts,
    original: TYPE,
    mutated: TYPE.replace("header['typ'] !==", "(header['typ'] ?? 'dpop+jwt') !=="),
  },
  {
    attack:
      'signs with an RSA key of 4,608 bits, which takes longer to verify than is allowed: it is refused',
    test: proofs,
    file: parts,
    original: "  return isDear ? fail({ reason: 'proof_key_wrong' }) : ok(found)",
    mutated: "  return isDear && alg === 'ES256' ? fail({ reason: 'proof_key_wrong' }) : ok(found)",
  },
  {
    attack: 'sends a proof of a megabyte: it is not parsed',
    test: proofs,
    file: 'src/platform/proof-bounds.ts',
    original: 'export const proofCharactersMax = 4 * KIB',
    mutated: 'export const proofCharactersMax = 4 * KIB * KIB',
  },
  {
    attack: 'sends a jti of a thousand characters in a proof that is short enough: it is not stored',
    test: proofs,
    file: parts,
    original: '  jti: z.string().min(1).max(proofIdCharactersMax),',
    mutated: '  jti: z.string().min(1).max(proofIdCharactersMax * 100),',
  },
  {
    attack: 'uses a proof for another method: it is refused',
    test: proofs,
    file: proof,
    original: METHOD,
    mutated: '',
  },
  {
    attack: 'writes the method in small letters, which is another method: it is refused',
    test: proofs,
    file: proof,
    original: METHOD,
    mutated: METHOD.replace('claims.htm', 'claims.htm.toUpperCase()'),
  },
  {
    attack: 'uses a proof for another endpoint: it is refused',
    test: proofs,
    file: proof,
    original: TARGET,
    mutated: '',
  },
  {
    attack: 'uses a proof that was made for another server: it is refused',
    test: proofs,
    file: proof,
    original: TARGET,
    mutated: TARGET.replace(
      'normalTarget(claims.htu) !== target',
      'new URL(claims.htu).pathname !== new URL(target).pathname',
    ),
  },
  {
    attack: 'uses a proof for the same path with a slash at its end: it is another resource',
    test: proofs,
    file: target,
    original: '  return url.origin + normalEscapes(url.pathname)\n',
    mutated: "  return url.origin + normalEscapes(url.pathname).replace(/\\/$/, '')\n",
  },
  {
    attack: 'uses a proof for the same path in capitals: it is another resource',
    test: proofs,
    file: target,
    original: '  return url.origin + normalEscapes(url.pathname)\n',
    mutated: '  return url.origin + normalEscapes(url.pathname).toLowerCase()\n',
  },
  {
    attack: 'hides the server behind a user name in the address: it is refused',
    test: proofs,
    file: target,
    original: "url === null || url.username !== '' || url.password !== ''",
    mutated: 'url === null',
  },
  {
    attack: 'lets the parser mend an address with backslashes: it is refused',
    test: proofs,
    file: target,
    original: 'WRITTEN.test(text) ? URL.parse(text) : null',
    mutated: 'URL.parse(text)',
  },
  {
    attack: 'puts the address that counts into the query of another: it is refused',
    test: proofs,
    file: proof,
    original: TARGET,
    mutated: TARGET.replace(
      'normalTarget(claims.htu) !== target',
      '!decodeURIComponent(claims.htu).includes(target)',
    ),
  },
  {
    attack: 'makes up a nonce: it is refused',
    test: proofs,
    file: 'src/signing/dpop-nonce.ts',
    original: '    if (!constantTimeEqual(nonce, nonceOf(slot, key))) continue\n',
    mutated: '    if (nonce.length !== nonceOf(slot, key).length) continue\n',
  },
  {
    attack:
      'uses a proof with the nonce of three minutes ago, made while the key could be reached: it is refused',
    test: proofs,
    file: 'src/signing/dpop-nonce.ts',
    original: 'slot >= current - 1;',
    mutated: 'slot >= current - 60;',
  },
  {
    attack: 'puts proofs aside for later, without a nonce that is not known yet: they are refused',
    test: proofs,
    file: proof,
    original: '  const nonce = readNonce(claims.nonce, ports.nonceKey, now)\n',
    mutated:
      '  const nonce = readNonce(claims.nonce || currentNonce(ports.nonceKey, now), ports.nonceKey, now)\n',
  },
  {
    attack: 'dates a proof an hour ahead: it is refused',
    test: proofs,
    file: proof,
    original: ' || iat > now + proofAheadMaxSeconds',
    mutated: '',
  },
  {
    attack: 'sends two proofs, of which readers may pick different ones: both are refused',
    test: proofs,
    file: proof,
    original: "  const text = c.req.header('dpop')\n",
    mutated: "  const text = c.req.header('dpop')?.split(', ').at(-1)\n",
  },
  {
    attack:
      'sends the request with the Host of a server of theirs, for which the victim made a proof: it is refused',
    test: proofs,
    file: target,
    original: '  return issuer + normalEscapes(new URL(requestUrl).pathname)',
    mutated: '  return (issuer && new URL(requestUrl).origin) + normalEscapes(new URL(requestUrl).pathname)',
  },
  {
    attack: 'uses the proof of a token request once more: it is refused, and no second token is issued',
    test: proofs,
    file: proof,
    original: REPEATED,
    mutated:
      "return spent === 'first' || spent === 'repeated' ? ok({ jkt: use.owner }) : fail({ reason: 'proof_repeated' })",
  },
  {
    attack: 'sends the same proof eight times at once: one of them is taken',
    test: proofs,
    file: 'src/grants/one-time-use.ts',
    original: "    return { answer: isSameCall ? 'first' : 'repeated', changes: [] }",
    mutated: "    return { answer: isSameCall || held !== undefined ? 'first' : 'repeated', changes: [] }",
  },
]
