import type { Hono } from 'hono'

import { accountStore } from './accounts/account.store.ts'
import { accountManagementRoutes } from './accounts/account.route.ts'
import { hashPassword, verifyPassword } from './accounts/password.ts'
import { sessionStore } from './accounts/session.store.ts'
import { apiKeyRoutes } from './apikeys/api-key.route.ts'
import { apiKeyStore } from './apikeys/api-key.store.ts'
import { createApp } from './app.ts'
import { catalogRoutes } from './catalog/catalog.route.ts'
import { catalogStore } from './catalog/catalog.store.ts'
import { createSnapshotFeed, type SnapshotFeed } from './catalog/snapshot-feed.ts'
import { createClientCache } from './clients/client-cache.ts'
import { clientStore } from './clients/client.store.ts'
import { registrationRoutes } from './clients/registration.route.ts'
import { openDb } from './db/client.ts'
import { createGrantsVault } from './grants/grants-vault.ts'
import { revocationStore } from './grants/revocations.store.ts'
import { Revocations } from './grants/revocations.ts'
import { gatewayRoutes } from './gateway/gateway.route.ts'
import { healthRoutes } from './health.route.ts'
import { healthStore } from './health.store.ts'
import type { HttpEnv, RequestFacts } from './http/context.ts'
import { createLimiter, type Limiter } from './limits/limiter.ts'
import type { LimitSubject } from './limits/subject.ts'
import { createVisitorLookup } from './oauth/authorize/visitor.ts'
import { oauthRoutes } from './oauth/oauth.route.ts'
import { operations } from './operations.ts'
import { peopleRoutes } from './people/people.route.ts'
import { systemClock } from './platform/clock.ts'
import { systemRandom } from './platform/random.ts'
import { authorizeRoutes } from './policy/authorize.route.ts'
import { newCedar } from './policy/cedar.ts'
import { DecisionPoint } from './policy/decision-point.ts'
import { policyFiles } from './policy/policy-files.ts'
import type { Settings } from './settings.ts'
import type { IsRevoked } from './signing/access-token.ts'
import { jwksRoutes } from './signing/jwks.route.ts'
import { createKeyRing } from './signing/key-ring.ts'
import { keyRingStore } from './signing/key-ring.store.ts'
import { rotateDueKeys, rotateKeys } from './signing/key-rotation.ts'
import { RemoteJwks } from './signing/remote-jwks.ts'
import { VerifiedTokens } from './signing/verified-tokens.ts'

/** What the Worker is bound to, as far as it is used here. */
export interface Bindings {
  readonly DB: D1Database
  readonly GRANTS: Parameters<typeof createGrantsVault>[0]
  readonly LIMITER: Parameters<typeof createLimiter>[0]
}

export interface Gatewright {
  readonly app: Hono<HttpEnv>
  /** The work of the schedule: keys are rotated, and what has expired is removed. */
  readonly runSchedule: (nowMs: number) => Promise<void>
}

/** The whole program of one isolate: bindings become stores and memories, and those become the rooms' ports. */
export function createGatewright(settings: Settings, bindings: Bindings): Gatewright {
  const parts = createParts(settings, bindings)
  const app = createApp({
    issuer: settings.issuer,
    clock: systemClock,
    random: systemRandom,
    operations,
    rooms: [...managementRooms(settings, parts), ...signInRooms(settings, parts)],
    gateway: gatewayRoutes({
      issuer: settings.issuer,
      feed: parts.feed,
      keyRing: parts.keyRing,
      verifiedTokens: parts.verifiedTokens,
      remoteJwks: new RemoteJwks(fetchOverNetwork),
      apiKeys: parts.apiKeyPorts,
      fetch: fetchOverNetwork,
    }),
  })
  return { app, runSchedule: (nowMs) => runSchedule(parts, nowMs) }
}

type Parts = ReturnType<typeof createParts>

/** What more than one room stands on. Memories of the isolate are made here once, so that all rooms share them. */
function createParts(settings: Settings, { DB, GRANTS, LIMITER }: Bindings) {
  const db = openDb(DB)
  const keys = { store: keyRingStore(db), sealKey: settings.keys.signingKeySeal, random: systemRandom }
  const clients = clientStore(db)
  const catalog = catalogStore(db)
  const revoked = new Revocations()
  const limiter = createLimiter(LIMITER)
  const keyRing = createKeyRing(keys)
  const verifiedTokens = new VerifiedTokens()
  const feed = createSnapshotFeed({
    issuer: settings.issuer,
    revocations: revoked,
    clock: systemClock,
    changesSince: catalog.changesSince,
  })
  return {
    keys,
    keyRing,
    verifiedTokens,
    clients,
    catalog,
    revoked,
    limiter,
    feed,
    accounts: accountStore(db),
    sessions: sessionStore(db, systemRandom),
    apiKeys: apiKeyStore(db),
    revocations: revocationStore(db),
    health: healthStore(db),
    vault: createGrantsVault(GRANTS),
    findClient: createClientCache((client_id) => clients.find(client_id)),
    attempts: attemptLimiter(limiter),
    apiKeyPorts: { macKey: settings.keys.apiKeyMac, limiter },
    bearer: { issuer: settings.issuer, keyRing, verifiedTokens, revocations: revocationsOf(feed) },
  }
}

/** The rooms that operators and services talk to. */
function managementRooms(settings: Settings, parts: Parts): readonly Hono<HttpEnv>[] {
  const { bearer, clients, catalog, apiKeys, keys, keyRing } = parts
  const { registrationIsOpen, loopbackIsAllowed, issuer } = settings
  const decisionPoint = new DecisionPoint({ source: policyFiles, newCedar })
  return [
    healthRoutes({
      tables: parts.health.tables,
      canSign: (alg, nowMs) => keyRing.canSign(alg, nowMs),
    }),
    jwksRoutes({ bearer, keyRing, rotateKeys: (nowMs) => rotateKeys(keys, nowMs) }),
    registrationRoutes({
      registrationIsOpen,
      loopbackIsAllowed,
      clients,
      limiter: parts.attempts,
      bearer,
      random: systemRandom,
    }),
    apiKeyRoutes({
      bearer,
      apiKeys,
      macKey: settings.keys.apiKeyMac,
      random: systemRandom,
      findClient: (client_id) => clients.find(client_id),
      noteRevocation: (grant_id, expires_at) => parts.revoked.add('grant', grant_id, expires_at),
    }),
    accountManagementRoutes({ bearer, accounts: parts.accounts, random: systemRandom, hashPassword }),
    authorizeRoutes({ bearer, decide: (request) => decisionPoint.decide(request) }),
    catalogRoutes({
      bearer,
      catalog,
      rules: { issuer, loopbackIsAllowed },
      notePublished: () => parts.feed.expire(),
    }),
  ]
}

/** The authorization server and the pages that it sends people to. */
function signInRooms(settings: Settings, parts: Parts): readonly Hono<HttpEnv>[] {
  const { accounts, sessions, keyRing, vault, findClient, limiter } = parts
  const shared = {
    issuer: settings.issuer,
    random: systemRandom,
    tokenMac: settings.keys.tokenMac,
    requestMac: settings.keys.requestMac,
    keyRing,
    vault,
    findClient,
    limiter,
    accounts,
    findVisitor: createVisitorLookup({ sessions, accounts }),
  }
  return [
    oauthRoutes({
      ...shared,
      authentication: { findClient, limiter: parts.attempts },
      apiKeys: parts.apiKeyPorts,
      bearer: parts.bearer,
      revocations: parts.revocations,
      revoked: parts.revoked,
    }),
    peopleRoutes({ ...shared, formMac: settings.keys.formMac, sessions, verifyPassword }),
  ]
}

async function runSchedule({ keys, revocations, sessions }: Parts, nowMs: number): Promise<void> {
  await Promise.all([rotateDueKeys(keys, nowMs), revocations.sweep(nowMs), sessions.sweep(nowMs)])
}

function revocationsOf(feed: SnapshotFeed) {
  return async ({ now, waitUntil }: RequestFacts): Promise<IsRevoked | undefined> => {
    const view = await feed.current(now, waitUntil)
    if (!view.ok || view.value.revocations.isFull) return undefined
    const { revocations } = view.value
    return (kind, id) => revocations.has(kind, id)
  }
}

/**
 * The limiter as doors for the unauthenticated use it. Where it cannot be reached they stay closed: an attacker who
 * could break it would otherwise guess without limit.
 */
function attemptLimiter(limiter: Limiter) {
  return {
    async take(subject: LimitSubject) {
      const answer = await limiter.take(subject)
      if (answer.admitted) return { admitted: true, retryAfterSeconds: 0, rate: answer.rate }
      if (answer.reason === 'limiter_unavailable') return { admitted: false, retryAfterSeconds: 1 }
      return { admitted: false, retryAfterSeconds: answer.retryAfterSeconds, rate: answer.rate }
    },
  }
}

/** The platform's `fetch` refuses to be called as a method of anything else. */
function fetchOverNetwork(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, init)
}
