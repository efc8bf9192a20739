import type { Hono } from 'hono'
import { accountManagementRoutes } from '../accounts/account.route.ts'
import { hashPassword } from '../accounts/password.ts'
import { apiKeyRoutes } from '../apikeys/api-key.route.ts'
import { catalogRoutes } from '../catalog/catalog.route.ts'
import { registrationManagementRoutes } from '../clients/registration-management.route.ts'
import { registrationRoutes } from '../clients/registration.route.ts'
import { identityProviderRoutes } from '../federation/identity-provider.route.ts'
import { healthRoutes } from '../health.route.ts'
import { createSectorReader } from '../clients/sector-identifier.ts'
import type { HttpEnv } from '../http/context.ts'
import { systemRandom } from '../platform/random.ts'
import { authorizeRoutes } from '../policy/authorize.route.ts'
import { newCedar } from '../policy/cedar.ts'
import { DecisionPoint } from '../policy/decision-point.ts'
import { policyFiles } from '../policy/policy-files.ts'
import type { Settings } from '../settings.ts'
import { jwksRoutes } from '../signing/jwks.route.ts'
import { rotateKeys } from '../signing/key-rotation.ts'
import { fetchOverNetwork } from './network.ts'
import type { Parts } from './parts.ts'

/** The rooms that operators and services talk to. */
export function managementRooms(settings: Settings, parts: Parts): readonly Hono<HttpEnv>[] {
  const { bearer, clients, catalog, apiKeys, keys, keyRing } = parts
  const { registrationIsOpen, loopbackIsAllowed, issuer } = settings
  const readSector = createSectorReader(fetchOverNetwork, loopbackIsAllowed)
  const registration = { bearer, clients, loopbackIsAllowed, readSector, random: systemRandom }
  const decisionPoint = new DecisionPoint({ source: policyFiles, newCedar })
  return [
    healthRoutes({
      tables: parts.health.tables,
      canSign: (alg, nowMs) => keyRing.canSign(alg, nowMs),
    }),
    jwksRoutes({ bearer, keyRing, rotateKeys: (nowMs) => rotateKeys(keys, nowMs) }),
    registrationRoutes({
      ...registration,
      registrationIsOpen,
      limiter: parts.attempts,
    }),
    registrationManagementRoutes({
      ...registration,
      limiter: parts.attempts,
      forgetClient: parts.forgetClient,
      noteEnding: (client_id, tokensEndAt) => parts.revoked.add('client', client_id, tokensEndAt),
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
    identityProviderRoutes({ bearer, loopbackIsAllowed, identityProviders: parts.identityProviders }),
    authorizeRoutes({ bearer, decide: (request) => decisionPoint.decide(request) }),
    catalogRoutes({
      bearer,
      catalog,
      rules: { issuer, loopbackIsAllowed },
      notePublished: () => parts.feed.expire(),
    }),
  ]
}
