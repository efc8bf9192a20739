import type { Mutant } from './mutant.ts'

const test = 'test/attacks/logout/logout.test.ts'
const request = 'src/oauth/logout/logout-request.ts'
const route = 'src/oauth/logout/logout.route.ts'

export const mutants: readonly Mutant[] = [
  {
    attack: 'a link without a hint signs nobody out',
    test,
    file: route,
    original: '    if (!request.ok) return refuseLogout(c, request.failure, query)\n',
    mutated:
      "    if (!request.ok) {\n      const visitor = await ports.findVisitor(c.req.header('cookie'), nowMs)\n      if (visitor !== undefined) await ports.endSession(visitor, c.var.facts)\n      return refuseLogout(c, request.failure, query)\n    }\n",
  },
  {
    attack: 'a hint signed with a key of the attacker signs nobody out',
    test,
    file: 'src/signing/jwt.ts',
    original: "if (alg !== found.alg) return fail({ reason: 'algorithm_wrong' })",
    mutated: 'if (alg !== found.alg) return ok({ kid, claims: jwt.claims })',
  },
  {
    attack: 'the hint of somebody else signs nobody out',
    test,
    file: route,
    original: 'if (!isHinted) return redirectTo(signOutPath(query))',
    mutated: 'void isHinted',
  },
  {
    attack: 'an unregistered address to go to afterwards is not gone to',
    test,
    file: request,
    original: 'matchesRedirectUri(post_logout_redirect_uri, client.metadata.post_logout_redirect_uris)',
    mutated: "post_logout_redirect_uri.startsWith('https://app.example')",
  },
  {
    attack: 'an address to go to is worth nothing without a hint that vouches for it',
    test,
    file: route,
    original: "    case 'hint_missing':\n      return redirectTo(signOutPath(parameters))",
    mutated:
      "    case 'hint_missing':\n      return redirectTo(parameters.post_logout_redirect_uri ?? signOutPath(parameters))",
  },
  {
    attack: 'a logout token is not sent to an address that only this server reaches',
    test,
    file: 'src/oauth/logout/logout-delivery.ts',
    original:
      'backchannel_logout_uri === undefined || outboundFault(backchannel_logout_uri, ports) !== undefined',
    mutated: 'backchannel_logout_uri === undefined',
  },
  {
    attack: 'a client that redirects its logout token elsewhere is not followed',
    test,
    file: 'src/oauth/logout/logout-delivery.ts',
    original: "redirect: 'manual'",
    mutated: "redirect: 'follow'",
  },
  {
    attack: 'a client that does not answer holds nobody up, and the person is signed out',
    test,
    file: 'src/oauth/logout/session-ending.ts',
    original: '  await ports.notices.endSession(sid, notices)\n',
    mutated: '  if (notices.length === 0) await ports.notices.endSession(sid, notices)\n',
  },
  {
    attack: 'a logout token is not an ID token: as a hint it signs nobody out',
    test,
    file: request,
    original: "['jwt', '']",
    mutated: "['jwt', '', 'logout+jwt']",
  },
  {
    attack: 'a client cannot write directives of its own into the policy of the page with the frames',
    test,
    file: 'src/oauth/logout/front-channel.page.tsx',
    original: '/^https?:\\/\\/[a-z0-9.-]+(?::\\d{1,5})?$/',
    mutated: '/^https?:/',
  },
  {
    attack: 'the page in a frame may neither lead the person away nor open windows',
    test,
    file: 'src/oauth/logout/front-channel.page.tsx',
    original: 'sandbox="allow-scripts allow-same-origin"',
    mutated: 'sandbox="allow-scripts allow-same-origin allow-top-navigation"',
  },
  {
    attack: 'an access token of the session stops working here with the session',
    test,
    file: 'src/oauth/logout/session-ending.ts',
    original:
      "  for (const grant_id of grant_ids) ports.revoked.add('grant', grant_id, now + accessTokenTtlSeconds)\n",
    mutated: '  void grant_ids\n',
  },
]
