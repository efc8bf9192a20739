import type { Hono } from 'hono'
import { renewHash } from '../accounts/password-renewal.ts'
import { hashPassword, verifyPassword } from '../accounts/password.ts'
import type { HttpEnv, RequestFacts } from '../http/context.ts'
import { fetchDocument } from '../http/outbound.ts'
import { createRequestObjectFetch, requestObjectMediaTypes } from '../oauth/authorize/request-uri.ts'
import { createVisitorLookup } from '../oauth/authorize/visitor.ts'
import { endSession, type EndingSession } from '../oauth/logout/session-ending.ts'
import { oauthRoutes } from '../oauth/oauth.route.ts'
import { createPushedRequests } from '../oauth/par/pushed-requests.ts'
import { requestToken } from '../oauth/token/token.contract.ts'
import { finishProviderLogin } from '../people/sign-in/provider-login.contract.ts'
import { peopleRoutes } from '../people/people.route.ts'
import {
  requestObjectBytesMax,
  requestObjectsHeldMax,
  requestObjectTimeoutMs,
} from '../platform/authorization-bounds.ts'
import { systemRandom } from '../platform/random.ts'
import type { Settings } from '../settings.ts'
import { factorPorts } from './factors.ts'
import { mailCarrier } from './mail.ts'
import { fetchOverNetwork } from './network.ts'
import type { Parts } from './parts.ts'

/** The authorization server and the pages that it sends people to. */
export function signInRooms(settings: Settings, parts: Parts): readonly Hono<HttpEnv>[] {
  const { accounts, sessions, keyRing, vault, findClient, limiter } = parts
  const shared = {
    issuer: settings.issuer,
    random: systemRandom,
    tokenKeys: settings.keys.token,
    oneTime: parts.oneTime,
    oneTimeMac: settings.keys.oneTimeMac,
    requestMac: settings.keys.requestMac,
    pairwiseSubject: settings.keys.pairwiseSubject,
    keyRing,
    vault,
    findClient,
    limiter,
    accounts,
    resources: parts.resources,
    ...authorizationPorts(settings, parts),
    accountSeal: settings.keys.accountSeal,
    findVisitor: createVisitorLookup({ sessions }),
    endSession: (ending: EndingSession, facts: RequestFacts) =>
      endSession(ending, parts.sessionEnding, facts),
  }
  return [
    oauthRoutes({
      ...shared,
      authentication: {
        findClient,
        limiter: parts.attempts,
        assertions: {
          ...parts.clientKeys,
          issuer: settings.issuer,
          tokenEndpoint: `${settings.issuer}${requestToken.path}`,
          spendOnce: (use) => parts.oneTime.spendOnce(use),
        },
      },
      apiKeys: parts.apiKeyPorts,
      bearer: parts.bearer,
      proofs: parts.proofs,
      revocations: parts.revocations,
      revoked: parts.revoked,
    }),
    peopleRoutes({
      ...shared,
      ...factorPorts(settings, parts),
      ...federationPorts(settings, parts),
      formMac: settings.keys.formMac,
      revoked: parts.revoked,
      sessions,
      verifyPassword,
      renewHash: (found, password) => renewHash(found, password, { random: systemRandom, accounts }),
      signUpIsOpen: settings.signUpIsOpen,
      sendMail: mailCarrier(settings, parts.mailBinding, parts.mailbox),
    }),
  ]
}

/** What signing in through other providers takes. */
function federationPorts({ issuer, loopbackIsAllowed, keys }: Settings, parts: Parts) {
  const { identityProviders, providerIdentities, pendingLogins } = parts
  return {
    codeFlow: {
      callback: `${issuer}${finishProviderLogin.path}`,
      loopbackIsAllowed,
      fetch: fetchOverNetwork,
    },
    identityProviders,
    providerIdentities,
    pendingLogins,
    upstreamSeal: keys.upstreamSeal,
    hashPassword,
  }
}

/** What an authorization request is read with beyond its own parameters. */
function authorizationPorts({ loopbackIsAllowed, keys }: Settings, parts: Parts) {
  const { attempts, clientKeys, feed, oneTime } = parts
  const rules = {
    mediaTypes: requestObjectMediaTypes,
    bytesMax: requestObjectBytesMax,
    timeoutMs: requestObjectTimeoutMs,
    loopbackIsAllowed,
  }
  return {
    ...clientKeys,
    pushedRequests: createPushedRequests({ oneTime, oneTimeMac: keys.oneTimeMac, random: systemRandom }),
    fetchRequestObject: createRequestObjectFetch({
      fetchRequestObject: (url) => fetchDocument(fetchOverNetwork, url, rules),
      limiter: attempts,
      heldMax: requestObjectsHeldMax,
    }),
    async findResource(resource: string, nowMs: number) {
      const view = await feed.current(nowMs, () => undefined)
      return view.ok ? view.value.snapshot.resources.has(resource) : undefined
    },
  }
}
