import type { Mutant } from './mutant.ts'

const test = 'test/attacks/federation/login.test.ts'
const flow = 'src/federation/code-flow.ts'
const login = 'src/people/sign-in/provider-login.ts'
const store = 'src/federation/pending-login.store.ts'
const linkRoute = 'src/people/account/linked-identity.route.ts'

export const mutants: readonly Mutant[] = [
  {
    attack: 'an answer that the attacker obtained signs nobody in elsewhere',
    test,
    file: store,
    original: '        eq(pendingLogins.browser_digest, sha256(browser)),\n',
    mutated: '',
  },
  {
    attack: 'an answer works once',
    test,
    file: store,
    original: 'const [row] = await db.delete(pendingLogins).where(isThis).returning()',
    mutated: 'const [row] = await db.select().from(pendingLogins).where(isThis)',
  },
  {
    attack: 'an ID token that somebody else signed names nobody',
    test,
    file: flow,
    original: '    await oauth.validateApplicationLevelSignature(server, response, options)\n',
    mutated: '',
  },
  {
    attack: 'an ID token for another login is not taken',
    test,
    file: flow,
    original: 'expectedNonce: checks.nonce',
    mutated:
      'expectedNonce: String(JSON.parse(atob(String((await response.clone().json()).id_token).split(".")[1] ?? "")).nonce)',
  },
  {
    attack: 'an answer in the name of another issuer is not taken',
    test,
    file: flow,
    original: 'oauth.validateAuthResponse(server, client, query, state)',
    mutated: 'oauth.validateAuthResponse(server, client, (query.set("iss", provider.issuer), query), state)',
  },
  {
    attack: 'the address of an account does not open it, although the provider has verified it',
    test,
    file: login,
    original: "return fail({ reason: 'identity_unconnected' })\n  if (!provider.makes_accounts)",
    mutated: "return ok('alice')\n  if (!provider.makes_accounts)",
  },
  {
    attack: 'an address that nobody has verified makes no account',
    test,
    file: login,
    original: 'email === undefined || !email_verified',
    mutated: 'email === undefined',
  },
  {
    attack: 'a second factor is asked for all the same',
    test,
    file: 'src/people/sign-in/session-start.ts',
    original: 'if (meetsAcr(amr, requiredAcr(account)))',
    mutated: "if (amr.includes('fed') || meetsAcr(amr, requiredAcr(account)))",
  },
  {
    attack: 'an identity is not connected unseen',
    test,
    file: 'src/people/sign-in/provider-login.route.ts',
    original: '    if (login.link_to !== null) return',
    mutated:
      '    if (login.link_to !== null) await ports.providerIdentities.link(identity, login.link_to, 0)\n    if (login.link_to !== null) return',
  },
  {
    attack: 'an identity is not connected to whoever else has signed in meanwhile',
    test,
    file: 'src/people/account/linked-identity.ts',
    original: 'if (visitor?.account.account_id !== link_to)',
    mutated: 'if (visitor === undefined)',
  },
  {
    attack: 'a confirmation that was made for another session connects nothing',
    test,
    file: 'src/people/account/linked-identity.ts',
    original: "return JSON.stringify(['connect identity', session.sid, account.account_id])",
    mutated: 'void [session, account]\n  return "connect identity"',
  },
  {
    attack: 'a form of another site connects nothing',
    test,
    file: linkRoute,
    original: 'isOurs(form_token, visitor, c, ports) && (await openIdentity(identity, visitor, ports))',
    mutated: 'await openIdentity(identity, visitor, ports)',
  },
  {
    attack: 'one account cannot take away the identities of another',
    test,
    file: 'src/federation/provider-identity.store.ts',
    original:
      '.where(and(eq(providerIdentities.issuer, issuer), eq(providerIdentities.account_id, account_id)))',
    mutated: '.where(eq(providerIdentities.issuer, issuer))',
  },
  {
    attack: 'the address of a provider cannot be one that only this server reaches',
    test,
    file: flow,
    original: '      if (fault !== undefined) throw',
    mutated: '      if (fault === url) throw',
  },
  {
    attack: 'a name with a line break, or without end, does not become the name of an account',
    test,
    file: flow,
    original: 'name: DisplayName.safeParse(name).data,',
    mutated: "name: typeof name === 'string' ? name : undefined,",
  },
  {
    attack: 'a text that no mail goes to does not become the address of an account',
    test,
    file: flow,
    original: "typeof email === 'string' && isMailAddress(canonicalEmail(email))",
    mutated: "typeof email === 'string' && canonicalEmail(email) !== ''",
  },
  {
    attack: 'an address in one document is not verified by a word in another',
    test,
    file: flow,
    original: '{ ...more, ...claims, email_verified: (more ?? claims).email_verified === true }',
    mutated: '{ ...more, ...claims }',
  },
  {
    attack: 'an identity does not pass for the person who is asked to connect it',
    test,
    file: 'src/people/account/linked-identity.ts',
    original: 'name: email !== undefined && email_verified ? email : sub,',
    mutated: 'name: email_verified ? sub : (email ?? sub),',
  },
  {
    attack: 'an identity is not connected without the person being told',
    test,
    file: linkRoute,
    original: '    tell(visitor, c, ports)\n',
    mutated: '',
  },
]
