import type { Mutant } from './mutant.ts'

const signUps = 'test/attacks/e-mail/sign-up.test.ts'
const links = 'test/attacks/e-mail/links.test.ts'
const requests = 'src/people/e-mail/mail-request.ts'
const signUpRoute = 'src/people/e-mail/sign-up.route.ts'
const newAccountRoute = 'src/people/e-mail/new-account.route.ts'
const linkRules = 'src/accounts/e-mail-link.ts'
const linkStore = 'src/accounts/account-link.store.ts'

export const mutants: readonly Mutant[] = [
  {
    attack: 'does not learn from the answer who has an account',
    test: signUps,
    file: signUpRoute,
    original: '  const { sentTitle, sent } = signUpWords[locale]',
    mutated:
      "  if (holder !== undefined) return showForm({ returnPath, email, notice: { reason: 'email_invalid' } }, c, ports)\n  const { sentTitle, sent } = signUpWords[locale]",
  },
  {
    attack: 'does not learn from the time who has an account: what differs is done behind the answer',
    test: signUps,
    file: signUpRoute,
    original: "afterAnswer(facts, 'sign_up', () => mailSignUp(wish, holder?.account, ports, facts))",
    mutated: 'await mailSignUp(wish, holder?.account, ports, facts)',
  },
  {
    attack: 'does not learn what others have had mailed to an address',
    test: signUps,
    file: requests,
    original: "recipient.reason === 'limit_reached' ? ok(false) : fail(toFailure(recipient))",
    mutated: 'fail(toFailure(recipient))',
  },
  {
    attack: 'fills no mailbox, from however many network addresses',
    test: signUps,
    file: requests,
    original: "recipient.reason === 'limit_reached' ? ok(false)",
    mutated: "recipient.reason === 'limit_reached' ? ok(true)",
  },
  {
    attack: 'sends no mail to ever more strangers',
    test: signUps,
    file: requests,
    original: '  if (!request.admitted) return fail(toFailure(request))\n',
    mutated: '',
  },
  {
    attack: 'adds no header and no recipient by what is typed as an address',
    test: signUps,
    file: 'src/mail/mail.ts',
    original: 'return Address.safeParse(text).success',
    mutated: "return text.includes('@') || Address.safeParse(text).success",
  },
  {
    attack: 'puts no line break into a name, which others show and send on',
    test: signUps,
    file: 'src/people/e-mail/sign-up.contract.ts',
    original: ".regex(/^\\P{Cc}*$/u, 'must hold no control characters')",
    mutated: '',
  },
  {
    attack: 'has no link mailed that leads to a host of theirs, by whatever Host',
    test: signUps,
    file: signUpRoute,
    original: 'requestMail(wish, { ...ports, sendMail }, c)',
    mutated: 'requestMail(wish, { ...ports, sendMail, issuer: new URL(c.req.url).origin }, c)',
  },
  {
    attack: 'leads nobody on to another site',
    test: signUps,
    file: 'src/people/e-mail/sign-up.contract.ts',
    original: 'query: z.object({ continue: returnPath })',
    mutated: "query: z.object({ continue: z.string().default('/account') })",
  },
  {
    attack: 'has no mail sent by a form of another site',
    test: signUps,
    file: 'src/people/anonymous-form.ts',
    original: '{ ...use, holder }, formMac, c.var.facts.now) ? holder : undefined',
    mutated: '{ ...use, holder }, formMac, c.var.facts.now) ? holder : holder',
  },
  {
    attack: 'completes no sign-up with the form of another link',
    test: signUps,
    file: newAccountRoute,
    original: "return { form: 'new_account', about: link_digest } as const",
    mutated: "return { form: 'new_account', about: link_digest.slice(0, 0) } as const",
  },
  {
    attack: 'signs nobody into an account of theirs by mailing its link on',
    test: signUps,
    file: 'src/people/e-mail/sign-up.ts',
    original: 'return constantTimeEqual(browser_digest, sha256(browser))',
    mutated: 'return constantTimeEqual(browser_digest, sha256(browser)) || true',
  },
  {
    attack: 'plants no session that a sign-up makes a signed-in one',
    test: signUps,
    file: 'src/accounts/session.store.ts',
    original: 'const cookieValue = new Secret(randomSecret(random))',
    mutated: 'const cookieValue = previous ?? new Secret(randomSecret(random))',
  },
  {
    attack: 'takes no account over by a link from before its address had one',
    test: signUps,
    file: 'src/accounts/sign-up.store.ts',
    original: '.onConflictDoNothing({ target: accounts.email })',
    mutated: '.onConflictDoUpdate({ target: accounts.email, set: { password_phc } })',
  },
  {
    attack: 'makes no second account by following a link again',
    test: signUps,
    file: 'src/accounts/sign-up.store.ts',
    original: 'db.delete(signUps).where(eq(signUps.email, account.email)),',
    mutated: "db.delete(signUps).where(eq(signUps.email, '')),",
  },
  {
    attack: 'does not learn from a forgotten password who has an account',
    test: links,
    file: 'src/people/e-mail/reset-password.route.ts',
    original: '  const { sentTitle, sent } = resetPasswordWords[locale]',
    mutated:
      "  if (holder === undefined) return showForm({ email, notice: { reason: 'email_invalid' } }, c, ports)\n  const { sentTitle, sent } = resetPasswordWords[locale]",
  },
  {
    attack: 'sets no password by a link that confirms an address',
    test: links,
    file: linkRules,
    original: 'JSON.stringify([purpose, expires_at, secret])',
    mutated: 'JSON.stringify([expires_at, secret])',
  },
  {
    attack: 'finds no link of one purpose in the table for another',
    test: links,
    file: linkStore,
    original: '    eq(accountLinks.purpose, purpose),\n    gt(',
    mutated: '    gt(',
  },
  {
    attack: 'asks the database nothing by links that were made up',
    test: links,
    file: linkRules,
    original: "mac !== '' && constantTimeEqual(mac, macOf(purpose, expires_at, secret, key))",
    mutated: "mac !== ''",
  },
  {
    attack: 'opens nothing by a link that is too old',
    test: links,
    file: linkRules,
    original: 'epochSeconds(nowMs) < expires_at ?',
    mutated: 'epochSeconds(nowMs) > 0 ?',
  },
  {
    attack: 'sets no password by a form that was opened in time and sent too late',
    test: links,
    file: linkStore,
    original: 'gt(accountLinks.expires_at, epochSeconds(nowMs)),',
    mutated: 'gt(accountLinks.expires_at, 0),',
  },
  {
    attack: 'sets no second password by a link that was used',
    test: links,
    file: linkStore,
    original: "        endAll(db, account_id, 'reset_password'),\n",
    mutated: '',
  },
  {
    attack: 'sets no password by an older link that lies about',
    test: links,
    file: linkStore,
    original: '        endAll(db, account_id, purpose),\n',
    mutated: '',
  },
  {
    attack: 'sets the password of one account, and of no other',
    test: links,
    file: linkStore,
    original: '.where(and(isOpen(link_digest, purpose, nowMs), isToHolder)),',
    mutated: '.where(and(isOpen(link_digest, purpose, nowMs), isToHolder && undefined)),',
  },
  {
    attack: 'sets no password by a link to an address that the account gave up',
    test: links,
    file: linkStore,
    original: '    eq(accountLinks.email, accounts.email),\n',
    mutated: '',
  },
  {
    attack: 'does not stay signed in when the password is changed',
    test: links,
    file: linkStore,
    original: '        endSessions(db, link_digest, nowMs),\n',
    mutated: '',
  },
  {
    attack: 'keeps no application that was let in with the old password',
    test: links,
    file: 'src/people/e-mail/reset-password.route.ts',
    original: '      await endSessions(account_id, sessions, ports, c.var.facts)\n',
    mutated: '',
  },
  {
    attack: 'gets past no second factor by reading the mail',
    test: links,
    file: linkStore,
    original: '        endSessions(db, link_digest, nowMs),\n',
    mutated:
      "        endSessions(db, link_digest, nowMs),\n        db.delete((await import('../db/schema/factors.ts')).totpFactors),\n",
  },
  {
    attack: 'is not signed in by a new password',
    test: links,
    file: 'src/people/e-mail/reset-password.route.ts',
    original: 'return messagePage({ locale, title: doneTitle, sentences: [done], onward })',
    mutated:
      "return messagePage({ locale, title: doneTitle, sentences: [done], onward, headers: { 'set-cookie': '__Host-gatewright_session=x' } })",
  },
  {
    attack: 'cannot change a password without its holder being told',
    test: links,
    file: 'src/people/e-mail/reset-password.route.ts',
    original: "    afterAnswer(facts, 'password_changed', () =>",
    mutated: '    void [].map(() =>',
  },
  {
    attack: 'confirms no address by having a scanner open the link',
    test: links,
    file: 'src/people/e-mail/verify-email.route.ts',
    original: 'return link === undefined ? refuseLink(c) : askToVerify(',
    mutated:
      'if (link !== undefined) await ports.accountLinks.verifyEmail(link, c.var.facts.now)\n    return link === undefined ? refuseLink(c) : askToVerify(',
  },
  {
    attack: 'has no mail sent to a signed-in person by a form of another site',
    test: links,
    file: 'src/people/e-mail/verify-email.route.ts',
    original: "    if (!isOurs) return refuseToSend('form_stale', visitor, c, ports)\n",
    mutated: '',
  },
  {
    attack: 'finds in the tables nothing that makes a link',
    test: links,
    file: linkRules,
    original: 'return { token, link_digest: sha256(secret), expires_at }',
    mutated: 'return { token, link_digest: secret, expires_at }',
  },
  {
    attack: 'reads no mail of others where real people have accounts',
    test: links,
    file: 'src/wiring/mail-pages.ts',
    original: 'mailboxRoutes({ mailbox: settings.loopbackIsAllowed ? mailbox : undefined })',
    mutated: 'mailboxRoutes({ mailbox })',
  },
  {
    attack: 'does not choose a password that is guessed first, not even for themselves',
    test: links,
    file: 'src/accounts/new-password.ts',
    original: "  if (isCommonPassword(text)) return 'too_common'\n",
    mutated: '',
  },
]
