import { readParameters } from '../../http/body.ts'
import type { RequestFacts } from '../../http/context.ts'
import {
  readAuthorizationRequest,
  type AuthorizationRequest,
  type AuthorizationRequestPorts,
} from '../../oauth/authorize/authorization-request.ts'
import { authorizeRepeatable } from '../../oauth/authorize/authorize.contract.ts'
import { authorizationQuery } from '../return-path.ts'

/**
 * The authorization request that waits for a sign-in, if there is one and it is in order. It is verified here
 * only to name the client and to let the form's answer lead to it; `/oauth/authorize` reads it again.
 */
export async function readRequestBehind(
  returnPath: string,
  ports: AuthorizationRequestPorts,
  facts: Pick<RequestFacts, 'now' | 'address'>,
): Promise<AuthorizationRequest | undefined> {
  const query = readParameters(authorizationQuery(returnPath) ?? '', authorizeRepeatable)
  const request = query.ok ? await readAuthorizationRequest(query.value, ports, facts) : query
  return request.ok ? request.value : undefined
}
