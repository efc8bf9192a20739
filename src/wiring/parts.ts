import { accountLinkStore } from '../accounts/account-link.store.ts'
import { accountStore } from '../accounts/account.store.ts'
import { signUpStore } from '../accounts/sign-up.store.ts'
import { sessionStore } from '../accounts/session.store.ts'
import { apiKeyStore } from '../apikeys/api-key.store.ts'
import { catalogStore } from '../catalog/catalog.store.ts'
import type { PublishedResources } from '../catalog/published-resources.ts'
import { createSnapshotFeed, type SnapshotFeed } from '../catalog/snapshot-feed.ts'
import { createClientCache } from '../clients/client-cache.ts'
import { clientStore } from '../clients/client.store.ts'
import { openDb, type Db } from '../db/client.ts'
import { identityProviderStore } from '../federation/identity-provider.store.ts'
import { pendingLoginStore } from '../federation/pending-login.store.ts'
import { providerIdentityStore } from '../federation/provider-identity.store.ts'
import { createGrantsVault } from '../grants/grants-vault.ts'
import { createOneTimeVault } from '../grants/one-time-vault.ts'
import { revocationStore } from '../grants/revocations.store.ts'
import { Revocations } from '../grants/revocations.ts'
import { healthStore } from '../health.store.ts'
import type { RequestFacts } from '../http/context.ts'
import { createLimiter, type Limiter } from '../limits/limiter.ts'
import type { LimitSubject } from '../limits/subject.ts'
import { logoutNoticeStore } from '../oauth/logout/logout-notice.store.ts'
import { clientKeySetsMax } from '../platform/bounds.ts'
import type { MailBinding } from '../mail/cloudflare-mail.ts'
import { mailboxStore } from '../mail/mailbox.store.ts'
import { systemClock } from '../platform/clock.ts'
import { systemRandom } from '../platform/random.ts'
import type { Settings } from '../settings.ts'
import type { IsRevoked } from '../signing/access-token.ts'
import type { ProofPorts } from '../signing/dpop-proof.ts'
import { createKeyRing } from '../signing/key-ring.ts'
import { keyRingStore } from '../signing/key-ring.store.ts'
import { RemoteJwks } from '../signing/remote-jwks.ts'
import { VerifiedTokens } from '../signing/verified-tokens.ts'
import { factorStores } from './factors.ts'
import { fetchOverNetwork } from './network.ts'

/** What the Worker is bound to, as far as it is used here. */
export interface Bindings {
  readonly DB: D1Database
  readonly GRANTS: Parameters<typeof createGrantsVault>[0]
  readonly LIMITER: Parameters<typeof createLimiter>[0]
  readonly ONE_TIME: Parameters<typeof createOneTimeVault>[0]
  /** Absent where the deployment sends no mail. */
  readonly EMAIL?: MailBinding
}

export type Parts = ReturnType<typeof createParts>

/** What more than one room stands on. Memories of the isolate are made here once, so that all rooms share them. */
export function createParts(settings: Settings, { DB, GRANTS, LIMITER, ONE_TIME, EMAIL }: Bindings) {
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
  const vault = createGrantsVault(GRANTS)
  const oneTime = createOneTimeVault(ONE_TIME, systemRandom)
  const proofs: ProofPorts = {
    issuer: settings.issuer,
    nonceKey: settings.keys.proofNonceMac,
    spentProofs: oneTime,
  }
  const clientCache = createClientCache((client_id) => clients.find(client_id))
  const findClient = clientCache.find
  return {
    ...createStores(settings, db),
    keys,
    keyRing,
    verifiedTokens,
    clients,
    catalog,
    revoked,
    limiter,
    feed,
    mailBinding: EMAIL,
    vault,
    oneTime,
    findClient,
    forgetClient: clientCache.forget,
    sessionEnding: { ...sessionEnding(settings, db), keyRing, vault, findClient, revoked },
    attempts: attemptLimiter(limiter),
    clientKeys: {
      remoteJwks: new RemoteJwks(fetchOverNetwork, {
        setsMax: clientKeySetsMax,
        loopbackIsAllowed: settings.loopbackIsAllowed,
      }),
    },
    apiKeyPorts: { macKey: settings.keys.apiKeyMac, limiter },
    proofs,
    bearer: { issuer: settings.issuer, keyRing, verifiedTokens, revocations: revocationsOf(feed), proofs },
    resources: resourcesOf(feed),
  }
}

/** What the end of a session takes besides what other rooms use too. */
function sessionEnding({ issuer, loopbackIsAllowed, keys: { pairwiseSubject } }: Settings, db: Db) {
  const notices = logoutNoticeStore(db)
  return {
    pairwiseSubject,
    issuer,
    random: systemRandom,
    notices,
    loopbackIsAllowed,
    fetch: fetchOverNetwork,
  }
}

/** What is kept in D1 and needs nothing but it. */
function createStores({ keys }: Settings, db: Db) {
  return {
    accounts: accountStore(db),
    sessions: sessionStore(db, systemRandom),
    ...factorStores(db),
    apiKeys: apiKeyStore(db),
    revocations: revocationStore(db),
    health: healthStore(db),
    signUps: signUpStore(db),
    accountLinks: accountLinkStore(db),
    mailbox: mailboxStore(db, systemClock),
    identityProviders: identityProviderStore(db, keys.upstreamSeal, systemRandom),
    providerIdentities: providerIdentityStore(db),
    pendingLogins: pendingLoginStore(db, keys.upstreamSeal, systemRandom),
  }
}

function revocationsOf(feed: SnapshotFeed) {
  return async ({ now, waitUntil }: RequestFacts): Promise<IsRevoked | undefined> => {
    const view = await feed.current(now, waitUntil)
    if (!view.ok || view.value.revocations.isFull) return undefined
    const { revocations } = view.value
    return (kind, id) => revocations.has(kind, id)
  }
}

/** The published APIs, as the gateway knows them. */
function resourcesOf(feed: SnapshotFeed) {
  return async ({ now, waitUntil }: RequestFacts): Promise<PublishedResources | undefined> => {
    const view = await feed.current(now, waitUntil)
    return view.ok ? view.value.snapshot.resources : undefined
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
