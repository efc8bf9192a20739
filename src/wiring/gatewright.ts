import type { Hono } from 'hono'
import { createApp } from '../app.ts'
import { gatewayRoutes } from '../gateway/gateway.route.ts'
import type { HttpEnv } from '../http/context.ts'
import { deliverDueNotices } from '../oauth/logout/logout-delivery.ts'
import { operations } from '../operations.ts'
import { trustedIssuersMax } from '../platform/bounds.ts'
import { systemClock } from '../platform/clock.ts'
import { systemRandom } from '../platform/random.ts'
import type { Settings } from '../settings.ts'
import { ProofMemory } from '../signing/dpop-memory.ts'
import { rotateDueKeys } from '../signing/key-rotation.ts'
import { RemoteJwks } from '../signing/remote-jwks.ts'
import { fetchOverNetwork } from './network.ts'
import { mailPages } from './mail-pages.ts'
import { managementRooms } from './management.ts'
import { createParts, type Bindings, type Parts } from './parts.ts'
import { signInRooms } from './sign-in.ts'

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
    rooms: [
      ...managementRooms(settings, parts),
      ...signInRooms(settings, parts),
      ...mailPages(settings, parts),
    ],
    gateway: gatewayRoutes({
      issuer: settings.issuer,
      feed: parts.feed,
      keyRing: parts.keyRing,
      verifiedTokens: parts.verifiedTokens,
      proofs: { ...parts.proofs, spentProofs: new ProofMemory() },
      remoteJwks: new RemoteJwks(fetchOverNetwork, {
        setsMax: trustedIssuersMax,
        loopbackIsAllowed: settings.loopbackIsAllowed,
      }),
      apiKeys: parts.apiKeyPorts,
      fetch: fetchOverNetwork,
    }),
  })
  return { app, runSchedule: (nowMs) => runSchedule(parts, nowMs) }
}

async function runSchedule(parts: Parts, nowMs: number): Promise<void> {
  const expiring = [
    parts.revocations,
    parts.sessions,
    parts.signUps,
    parts.accountLinks,
    parts.passkeys,
    parts.pendingSignIns,
    parts.pendingLogins,
  ]
  await Promise.all([
    rotateDueKeys(parts.keys, nowMs),
    deliverDueNotices(parts.sessionEnding, nowMs),
    ...expiring.map((store) => store.sweep(nowMs)),
  ])
}
