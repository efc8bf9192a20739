import type { Mutant } from './mutant.ts'

const test = 'test/attacks/device/device-grant.test.ts'

export const mutants: readonly Mutant[] = [
  {
    attack: 'trying user codes from one address is stopped before the right one is tried',
    test,
    file: 'src/people/consent/user-code-guess.ts',
    original: "    { kind: 'user_code_address', address },\n",
    mutated: '',
  },
  {
    attack: 'trying user codes from one session and many addresses is stopped as well',
    test,
    file: 'src/people/consent/user-code-guess.ts',
    original: "    { kind: 'user_code', sid },\n",
    mutated: '',
  },
  {
    attack: 'trying user codes at the form that decides tells nothing',
    test,
    file: 'src/people/consent/device.route.ts',
    original: `    const isOurs = verifyFormToken(body.form_token, decisionUse(visitor, user_code), ports.formMac, nowMs)
    if (!isOurs) return askForCode(entry, { reason: 'form_stale' }, c, ports)
    const device = await findDevice(user_code, ports, nowMs)
    if (!device.ok) return refuse(entry, device.failure, c, ports)
`,
    mutated: `    const device = await findDevice(user_code, ports, nowMs)
    if (!device.ok) return refuse(entry, device.failure, c, ports)
    const isOurs = verifyFormToken(body.form_token, decisionUse(visitor, user_code), ports.formMac, nowMs)
    if (!isOurs) return askForCode(entry, { reason: 'form_stale' }, c, ports)
`,
  },
  {
    attack: 'polling with the device code of another client gets nothing',
    test,
    file: 'src/grants/grant.ts',
    original: "if (bound.client_id !== presented.client_id) return { reason: 'client_mismatch' }",
    mutated: '',
  },
  {
    attack: 'polling with a stolen device code and another key gets nothing',
    test,
    file: 'src/grants/grant.ts',
    original: 'if (bound.dpop_jkt !== null && bound.dpop_jkt !== presented.dpop_jkt)',
    mutated: 'if (bound.dpop_jkt === presented.client_id)',
  },
  {
    attack: 'making up a device code is refused',
    test,
    file: 'src/oauth/token/device-redemption.ts',
    original: "if (found === undefined) return refuse({ reason: 'device_code_forged' })",
    mutated: "if (found === undefined) return refuse({ reason: 'device_pending' })",
  },
  {
    attack: 'approving with a form that another site has made decides nothing',
    test,
    file: 'src/people/consent/device.route.ts',
    original: 'verifyFormToken(body.form_token, decisionUse(visitor, user_code), ports.formMac, nowMs)',
    mutated: 'decisionUse(visitor, user_code).form !== undefined',
  },
  {
    attack: 'approving with a form that is too old decides nothing',
    test,
    file: 'src/people/form-token.ts',
    original: ' && epochSeconds(nowMs) < expires_at',
    mutated: '',
  },
  {
    attack: 'approving with the form of one code lets no other device in',
    test,
    file: 'src/people/consent/device.route.ts',
    original: "return { form: 'device_decision', holder: session.sid, about: user_code }",
    mutated: "return { form: 'device_decision', holder: session.sid, about: user_code.slice(8) }",
  },
  {
    attack: 'approving with a form that was shown to somebody else decides nothing',
    test,
    file: 'src/people/consent/device.route.ts',
    original: "return { form: 'device_decision', holder: session.sid, about: user_code }",
    mutated: "return { form: 'device_decision', holder: session.sid.slice(99), about: user_code }",
  },
  {
    attack: 'approving by a password alone for an account with two factors lets no device in',
    test,
    file: 'src/oauth/device/device-approval.ts',
    original: "if (!meetsAcr(session.amr, requiredAcr(account))) return fail({ reason: 'acr_insufficient' })",
    mutated: '',
  },
  {
    attack: 'polling faster than allowed wins nothing, not even what was approved',
    test,
    file: 'src/grants/device-authorization.ts',
    original: "const answer: Poll = isTooSoon ? { state: 'slow_down' } : stateOf(held, now)",
    mutated: 'const answer: Poll = stateOf(held, now)',
  },
  {
    attack: 'presenting a device code again after its tokens were issued gets nothing and ends nothing',
    test,
    file: 'src/grants/redeem.ts',
    original: "if (held.spent_at !== null) return fail({ reason: 'spent', spent_at: held.spent_at })",
    mutated: '',
  },
  {
    attack: 'a link with a code approves nothing and looks nothing up by itself',
    test,
    file: 'src/people/consent/device.route.ts',
    original: 'return visitor ? askForCode({ visitor, typed }, undefined, c, ports) : leadToSignIn(typed)',
    mutated:
      'const found = await findDevice(readUserCode(typed) ?? typed, ports, c.var.facts.now)\n    if (visitor && found.ok) return askForDecision({ ...found.value, user_code: typed }, visitor, c, ports)\n    return visitor ? askForCode({ visitor, typed }, undefined, c, ports) : leadToSignIn(typed)',
  },
  {
    attack: 'asking for the scopes of operators gets no code',
    test,
    file: 'src/oauth/device/device-request.ts',
    original: "return scope.every(isGivenByPeople) ? ok(scope) : fail({ reason: 'scope_of_operators' })",
    mutated: 'return ok(scope)',
  },
  {
    attack: 'asking for a token for an API that is not published gets no code',
    test,
    file: 'src/oauth/device/device-request.ts',
    original: '  if (!targets.ok) return targets\n',
    mutated: '',
  },
  {
    attack: 'coming back with the device code after it has expired gets nothing',
    test,
    file: 'src/grants/device-authorization.ts',
    original: "if (expires_at <= now) return { state: 'expired' }",
    mutated: '',
  },
  {
    attack: 'polls for an API that the grant is not for: it gets nothing, and what it may have stays',
    test: 'test/attacks/device/resources.test.ts',
    file: 'src/grants/device-code.ts',
    original: 'if (resource !== null && !isWithin(resource, stored.grant.resource))',
    mutated: 'if (resource !== null && resource.length === 0)',
  },
  {
    attack: 'begins for an API that nobody has published: nobody is asked to allow it',
    test: 'test/attacks/device/resources.test.ts',
    file: 'src/oauth/device/device-request.ts',
    original: '  if (!targets.ok) return targets\n',
    mutated: "  if (!targets.ok && targets.failure.reason === 'storage_unavailable') return targets\n",
  },
]
