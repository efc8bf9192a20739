import type { Account } from '../../accounts/account.ts'
import type { Session } from '../../accounts/session.ts'
import type { Client } from '../../clients/client.ts'
import { sessionNameFor } from '../../clients/subject.ts'
import type { GrantsVault } from '../../grants/grants-vault.ts'
import type { RevocationKind } from '../../grants/revocations.ts'
import type { RequestFacts } from '../../http/context.ts'
import { accessTokenTtlSeconds, logoutFramesMax, logoutRetryMinSeconds } from '../../platform/bounds.ts'
import { epochSeconds } from '../../platform/clock.ts'
import { randomId } from '../../platform/random.ts'
import { deliverNotices, type LogoutDeliveryPorts } from './logout-delivery.ts'
import type { LogoutNotice } from './logout-notice.store.ts'

export interface SessionEndingPorts extends Omit<LogoutDeliveryPorts, 'notices'> {
  readonly vault: Pick<GrantsVault, 'endSession'>
  readonly pairwiseSubject: Uint8Array
  readonly notices: LogoutDeliveryPorts['notices'] & {
    endSession(sid: string, notices: readonly LogoutNotice[]): Promise<void>
  }
  /** What this isolate knows to be revoked; the vault tells the others. */
  readonly revoked: { add(kind: RevocationKind, id: string, expires_at: number): void }
}

/** A session that is to end, and whose it is. */
export interface EndingSession {
  readonly session: Pick<Session, 'sid'>
  readonly account: Pick<Account, 'vault_id' | 'account_id'>
}

/**
 * Ends a session everywhere: here, in the grants that its clients got, and at the clients that want to hear of it.
 *
 * Whom to tell by the back channel is written down together with the end of the session, and then told behind the answer; what
 * cannot be delivered now is due again on the schedule. Answers the addresses to load in frames, which only the
 * browser can do.
 *
 * @see OpenID Connect Back-Channel Logout 1.0 §2.5
 * @see OpenID Connect Front-Channel Logout 1.0 §3
 */
export async function endSession(
  { session: { sid }, account: { vault_id, account_id } }: EndingSession,
  ports: SessionEndingPorts,
  facts: Pick<RequestFacts, 'now' | 'waitUntil'>,
): Promise<readonly string[]> {
  const { now: nowMs } = facts
  const now = epochSeconds(nowMs)
  const { participants, grant_ids } = await ports.vault.endSession(vault_id, sid)
  for (const grant_id of grant_ids) ports.revoked.add('grant', grant_id, now + accessTokenTtlSeconds)
  const found = await Promise.all(
    participants.map(async ({ client_id, sub }) => ({
      sub,
      sid: sessionNameFor({ sid, account_id, sub }, ports.pairwiseSubject),
      client: await ports.findClient(client_id, nowMs),
    })),
  )
  const informed = found.flatMap(({ client, ...named }) =>
    client === undefined ? [] : [{ ...named, client }],
  )
  const notices = informed
    .filter(({ client }) => client.metadata.backchannel_logout_uri !== undefined)
    .map(({ sub, sid: named, client: { client_id } }) => ({
      notice_id: randomId(ports.random),
      client_id,
      sub,
      sid: named,
      ended_at: now,
      tries: 0,
      due_at: now + logoutRetryMinSeconds,
    }))
  await ports.notices.endSession(sid, notices)
  if (notices.length > 0) facts.waitUntil(deliverNotices(notices, ports, nowMs))
  return informed
    .flatMap(({ client, sid: named }) => frameOf(client, named, ports.issuer))
    .slice(0, logoutFramesMax)
}

/**
 * The address that tells a client through the browser. Issuer and session go along whether or not it registered that it
 * needs them: a client that ignores them loses nothing, and one that checks is not taken in by a page of somebody else's.
 */
function frameOf({ metadata }: Client, sid: string, issuer: string): readonly string[] {
  const { frontchannel_logout_uri } = metadata
  const url = frontchannel_logout_uri === undefined ? null : URL.parse(frontchannel_logout_uri)
  if (url === null) return []
  url.searchParams.set('iss', issuer)
  url.searchParams.set('sid', sid)
  return [url.href]
}
