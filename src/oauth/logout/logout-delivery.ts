import type { Client } from '../../clients/client.ts'
import { outboundFault } from '../../http/outbound.ts'
import {
  logoutDeliveryTimeoutMs,
  logoutRetryMaxSeconds,
  logoutRetryMinSeconds,
  logoutTriesMax,
} from '../../platform/bounds.ts'
import { epochSeconds } from '../../platform/clock.ts'
import { errorText, log } from '../../platform/log.ts'
import type { Random } from '../../platform/random.ts'
import type { KeyRing } from '../../signing/key-ring.ts'
import { issueLogoutToken } from '../../signing/logout-token.ts'
import type { LogoutNotice } from './logout-notice.store.ts'

export interface LogoutDeliveryPorts {
  readonly issuer: string
  readonly keyRing: Pick<KeyRing, 'sign'>
  readonly random: Random
  readonly findClient: (client_id: string, nowMs: number) => Promise<Client | undefined>
  readonly notices: {
    due(now: number): Promise<readonly LogoutNotice[]>
    postpone(notice: LogoutNotice): Promise<void>
    remove(notice_ids: readonly string[]): Promise<void>
  }
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly loopbackIsAllowed: boolean
}

/** What came of one try: it was heard, there is nobody to hear it or they refuse, or it has to be tried again. */
type DeliveryOutcome = 'delivered' | 'refused' | 'undelivered'

/** The work of the schedule: sends what could not be sent when the session ended. */
export async function deliverDueNotices(ports: LogoutDeliveryPorts, nowMs: number): Promise<void> {
  await deliverNotices(await ports.notices.due(epochSeconds(nowMs)), ports, nowMs)
}

/** Sends notices, all at once: a client that takes its time must not hold up the others. */
export async function deliverNotices(
  notices: readonly LogoutNotice[],
  ports: LogoutDeliveryPorts,
  nowMs: number,
): Promise<void> {
  await Promise.all(notices.map((notice) => deliver(notice, ports, nowMs)))
}

async function deliver(notice: LogoutNotice, ports: LogoutDeliveryPorts, nowMs: number): Promise<void> {
  const { notice_id, client_id } = notice
  const client = await ports.findClient(client_id, nowMs)
  const outcome = client === undefined ? 'refused' : await post(notice, client, ports, nowMs)
  const tries = notice.tries + 1
  if (outcome !== 'delivered') log('warn', 'logout_undelivered', { client_id, outcome, tries })
  if (outcome === 'undelivered' && tries < logoutTriesMax) {
    await ports.notices.postpone({ ...notice, tries, due_at: epochSeconds(nowMs) + retryDelay(tries) })
  } else {
    await ports.notices.remove([notice_id])
  }
}

/**
 * Posts a logout token, made for this try, to the address that the client registered for it.
 *
 * The address is looked at again, because the rules may have become stricter since it was registered. A redirect is not
 * followed: it could lead to where only this server gets. The answer's body is of no use and not read.
 *
 * @see OpenID Connect Back-Channel Logout 1.0 §2.5, §2.8 (200 or 204 for success, 400 for a token that is refused)
 */
async function post(
  { sub, sid }: LogoutNotice,
  { client_id, metadata }: Client,
  ports: LogoutDeliveryPorts,
  nowMs: number,
): Promise<DeliveryOutcome> {
  const { backchannel_logout_uri, id_token_signed_response_alg: alg } = metadata
  if (backchannel_logout_uri === undefined || outboundFault(backchannel_logout_uri, ports) !== undefined) {
    return 'refused'
  }
  const about = { alg, issuer: ports.issuer, client_id, sub, sid }
  try {
    const logout_token = await issueLogoutToken(ports.keyRing, about, ports.random, nowMs)
    const response = await ports.fetch(backchannel_logout_uri, {
      method: 'POST',
      body: new URLSearchParams({ logout_token }),
      redirect: 'manual',
      signal: AbortSignal.timeout(logoutDeliveryTimeoutMs),
    })
    await response.body?.cancel()
    if (response.ok) return 'delivered'
    return response.status === 400 ? 'refused' : 'undelivered'
  } catch (error) {
    log('warn', 'logout_unsent', { client_id, error: errorText(error) })
    return 'undelivered'
  }
}

function retryDelay(tries: number): number {
  return Math.min(logoutRetryMinSeconds * 2 ** (tries - 1), logoutRetryMaxSeconds)
}
