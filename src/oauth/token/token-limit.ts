import { isConfidential, type Client } from '../../clients/client.ts'
import type { GrantsVault } from '../../grants/grants-vault.ts'
import type { RateState } from '../../http/rate-headers.ts'
import type { Limiter } from '../../limits/limiter.ts'
import type { LimitSubject } from '../../limits/subject.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { fromStorage, type StorageFailure } from '../storage.ts'
import { deviceGrantType, type GrantRequest, type GrantType } from './grant-request.ts'
import type { LimitFailure } from './token-failure.ts'

export interface TokenLimitPorts {
  readonly limiter: Pick<Limiter, 'take'>
  readonly vault: Pick<GrantsVault, 'inspectRefreshToken'>
}

/** Undefined for a poll of a device. It keeps the pace that its code sets (RFC 8628 §3.5), twelve a minute at first. */
type Counted = Result<RateState | undefined, LimitFailure | StorageFailure>

/** Counts a request of a confidential client, for all that it does; answers undefined for a public one. */
export async function countConfidentialRequest(
  client: Client,
  grantType: GrantType,
  ports: TokenLimitPorts,
): Promise<Counted | undefined> {
  const isCounted = isConfidential(client) && grantType !== deviceGrantType
  return isCounted ? countClientRequest(client, ports) : undefined
}

/** Counts a request of whoever has proved to be a client, by a secret or by an API key. */
export async function countClientRequest(
  { client_id }: Pick<Client, 'client_id'>,
  ports: Pick<TokenLimitPorts, 'limiter'>,
): Promise<Result<RateState, LimitFailure>> {
  return take({ kind: 'token_client', client_id }, ports)
}

/**
 * Counts a request of a public client.
 *
 * All users of an app share its `client_id`, and counted by that alone one of them could shut out the others.
 * So each grant has a count of its own. A request that names none that is alive is counted by its address.
 */
export async function countPublicRequest(
  request: GrantRequest,
  client: Client,
  address: string,
  ports: TokenLimitPorts,
): Promise<Counted> {
  if (request.grant_type === deviceGrantType) return ok(undefined)
  const byAddress = { kind: 'token_grant', client_id: client.client_id, grant: address } as const
  if (request.grant_type !== 'refresh_token') return take(byAddress, ports)
  const found = await fromStorage('inspect refresh token', () =>
    ports.vault.inspectRefreshToken(request.vault_id, request.token_digest),
  )
  if (!found.ok) return found
  const grant = found.value?.grant
  return take(
    grant?.client_id === client.client_id ? { ...byAddress, grant: grant.grant_id } : byAddress,
    ports,
  )
}

/** Nobody gets tokens while requests cannot be counted: this limit is promised exactly. */
async function take(
  subject: LimitSubject,
  { limiter }: Pick<TokenLimitPorts, 'limiter'>,
): Promise<Result<RateState, LimitFailure>> {
  const answer = await limiter.take(subject)
  return answer.admitted ? ok(answer.rate) : fail(answer)
}
