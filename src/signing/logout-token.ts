import { logoutTokenTtlSeconds } from '../platform/bounds.ts'
import { epochSeconds } from '../platform/clock.ts'
import { randomId, type Random } from '../platform/random.ts'
import type { KeyRing } from './key-ring.ts'
import type { SigningAlg } from './signing-key.ts'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/** Whose session has ended, and which client is told. */
export interface LogoutTokenRequest {
  readonly alg: SigningAlg
  readonly issuer: string
  readonly client_id: string
  readonly sub: string
  readonly sid: string
}

/**
 * Signs a logout token. Its type and its event keep it from passing for an ID token, and it has no `nonce`, so that no
 * client can take it for one by mistake.
 *
 * @see OpenID Connect Back-Channel Logout 1.0 §2.4
 */
export async function issueLogoutToken(
  keyRing: Pick<KeyRing, 'sign'>,
  request: LogoutTokenRequest,
  random: Random,
  nowMs: number,
): Promise<string> {
  const { alg, issuer, client_id, sub, sid } = request
  const iat = epochSeconds(nowMs)
  const claims = {
    iss: issuer,
    sub,
    aud: client_id,
    iat,
    exp: iat + logoutTokenTtlSeconds,
    jti: randomId(random),
    events: { [EVENT]: {} },
    sid,
  }
  return keyRing.sign(alg, 'logout+jwt', claims, nowMs)
}
