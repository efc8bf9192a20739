import { Hono } from 'hono'
import type * as z from 'zod'

import type { HttpContext, HttpEnv } from '../http/context.ts'
import { readCredentials } from '../http/credentials.ts'
import type { Operation } from '../http/operation.ts'
import { answerInput, toHonoPath, type Input } from '../http/serve.ts'
import { accessTokenTtlSeconds, identifierCharactersMax } from '../platform/bounds.ts'
import { epochSeconds } from '../platform/clock.ts'
import { constantTimeEqual, sha256 } from '../platform/digest.ts'
import { log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'
import type { BearerFailure } from '../signing/bearer-failure.ts'
import { bearerOAuthError, requireBearer, type BearerPorts } from '../signing/bearer.ts'
import type { Registration } from './client.store.ts'
import type { Client } from './client.ts'
import type { RequestedMetadata } from './metadata.contract.ts'
import { refuseRegistrant, type RegistrationPorts } from './registration.route.ts'
import { refuseRegistration, registrationAnswer } from './registration-answer.ts'
import {
  readRegistration,
  removeRegistration,
  replaceRegistration,
} from './registration-management.contract.ts'
import {
  replaceMetadata,
  toClientMetadata,
  type RegistrationFailure,
  type ReplacedClient,
} from './registration.ts'
import { sectorFault, type ReadSector } from './sector-identifier.ts'

export interface RegistrationManagementPorts {
  readonly loopbackIsAllowed: boolean
  readonly readSector: ReadSector
  readonly limiter: RegistrationPorts['limiter']
  readonly clients: {
    findRegistration(client_id: string): Promise<Registration | undefined>
    replace(client: Client): Promise<boolean>
    remove(client_id: string, now: number, tokensEndAt: number): Promise<void>
  }
  /** Tells this isolate's memory of clients that one has changed. */
  readonly forgetClient: (client_id: string) => void
  /** Tells this isolate that a client has ended; the others read it where the store wrote it. */
  readonly noteEnding: (client_id: string, tokensEndAt: number) => void
  readonly bearer: BearerPorts
  readonly random: Random
}

/** Who may manage a registration, and with which token it said so. */
interface Owner {
  readonly client: Client
  /** The client's own token; undefined for an operator, who has another. */
  readonly registration_access_token: Secret | undefined
}

const NO_STORE = { 'cache-control': 'no-store' } as const

/** No token has this digest; it is compared with when there is none, so that an unknown client takes as long. */
const NO_DIGEST = '-'.repeat(43)

/**
 * A client's own registration: read, replaced and removed by the client, or by an operator.
 *
 * @see RFC 7592 §2
 */
export function registrationManagementRoutes(ports: RegistrationManagementPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  const { issuer } = ports.bearer

  serveToOwner(app, readRegistration, ports, (_input, c, owner) =>
    c.json(registrationAnswer({ ...owner, client_secret: undefined }, issuer), 200, NO_STORE),
  )

  serveToOwner(app, replaceRegistration, ports, async ({ body }, c, owner) => {
    const { client_id, client_secret, ...requested } = body
    const fault = faultInIdentity({ client_id, client_secret }, owner.client)
    if (fault !== undefined) return refuseRegistration({ reason: 'metadata_invalid', message: fault })
    const { admitted, retryAfterSeconds } = await count(owner, ports, c.var.facts.address)
    if (!admitted) return refuseRegistrant({ reason: 'registrations_exceeded', retryAfterSeconds })
    const replaced = await replace(requested, owner, ports, c.var.facts.now)
    if (!replaced.ok) return refuseRegistration(replaced.failure)
    const isThere = await ports.clients.replace(replaced.value.client)
    ports.forgetClient(client_id)
    if (!isThere) return bearerOAuthError(c, UNKNOWN)
    log('info', 'client_replaced', { client_id })
    return c.json(registrationAnswer({ ...owner, ...replaced.value }, issuer), 200, NO_STORE)
  })

  serveToOwner(app, removeRegistration, ports, async (_input, c, { client: { client_id } }) => {
    const now = epochSeconds(c.var.facts.now)
    const tokensEndAt = now + accessTokenTtlSeconds
    await ports.clients.remove(client_id, now, tokensEndAt)
    ports.forgetClient(client_id)
    ports.noteEnding(client_id, tokensEndAt)
    log('info', 'client_removed', { client_id })
    return c.body(null, 204, NO_STORE)
  })

  return app
}

/** The token comes before the body, so that nobody else learns anything of a registration from what is wrong with it. */
function serveToOwner<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  app: Hono<HttpEnv>,
  operation: Operation<Params, Query, Body>,
  ports: RegistrationManagementPorts,
  answer: (input: Input<Params, Query, Body>, c: HttpContext, owner: Owner) => Response | Promise<Response>,
): void {
  app.on(operation.method, toHonoPath(operation.path), async (c) => {
    const owner = await requireOwner(c, c.req.param('client_id') ?? '', ports)
    if (!owner.ok) return bearerOAuthError(c, owner.failure)
    return answerInput(operation, c, (input) => answer(input, c, owner.value))
  })
}

/** The same answer for a wrong token and for a client that does not exist, or the address would tell which exist (§2.1). */
const UNKNOWN: BearerFailure = { reason: 'token_malformed' }

async function requireOwner(
  c: HttpContext,
  client_id: string,
  ports: RegistrationManagementPorts,
): Promise<Result<Owner, BearerFailure>> {
  const own = registrationToken(c)
  if (own === undefined) {
    const bearer = await requireBearer(c, ports.bearer, 'manage')
    if (!bearer.ok) return bearer
  }
  const isPlausible = client_id.length <= identifierCharactersMax
  const registration = isPlausible ? await ports.clients.findRegistration(client_id) : undefined
  const digest = registration?.registration_token_digest ?? NO_DIGEST
  const isOwn = own !== undefined && constantTimeEqual(sha256(own.reveal()), digest)
  if (registration === undefined || (own !== undefined && !isOwn)) return fail(UNKNOWN)
  return ok({ client: registration.client, registration_access_token: own })
}

/** A bearer token that is no JWT is taken for a client's own; ours are JWTs, and base64url has no dots. */
function registrationToken(c: HttpContext): Secret | undefined {
  const credentials = readCredentials(c.req.header('authorization'))
  if (credentials.scheme !== 'bearer' || credentials.token.reveal().includes('.')) return undefined
  return credentials.token
}

/** A client names itself, and does not choose its secret (§2.2). */
function faultInIdentity(
  named: { readonly client_id: string; readonly client_secret: string | undefined },
  { client_id, client_secret_digest }: Client,
): string | undefined {
  if (named.client_id !== client_id) return 'client_id: must be the one that is in the path'
  if (named.client_secret === undefined) return undefined
  return constantTimeEqual(sha256(named.client_secret), client_secret_digest ?? NO_DIGEST)
    ? undefined
    : 'client_secret: must be the present one, or left out'
}

/**
 * Counts a change that a client makes to itself with the registrations of its address: each writes a row and may have a
 * document fetched from wherever it says, and whoever registered once could do that without end.
 */
async function count(
  { registration_access_token }: Owner,
  { limiter }: RegistrationManagementPorts,
  address: string,
): ReturnType<RegistrationPorts['limiter']['take']> {
  if (registration_access_token === undefined) return { admitted: true, retryAfterSeconds: 0 }
  return limiter.take({ kind: 'registration', address })
}

async function replace(
  requested: RequestedMetadata,
  { client, registration_access_token }: Owner,
  { loopbackIsAllowed, readSector, random }: RegistrationManagementPorts,
  nowMs: number,
): Promise<Result<ReplacedClient, RegistrationFailure>> {
  const isAnonymous = registration_access_token !== undefined
  const policy = { isAnonymous, vouched: client.metadata, loopbackIsAllowed }
  const metadata = toClientMetadata(requested, policy)
  if (!metadata.ok) return metadata
  const fault = await sectorFault(metadata.value, readSector, { nowMs, loopbackIsAllowed })
  if (fault !== undefined) return fail({ reason: 'metadata_invalid', message: fault })
  return ok(replaceMetadata(client, metadata.value, random, epochSeconds(nowMs)))
}
