import type { MiddlewareHandler } from 'hono'

import type { HttpEnv } from './context.ts'

const PREFLIGHT_AGE_SECONDS = 3600
/** Headers that a page may read beside the ones that browsers always show. */
const EXPOSED = 'www-authenticate, dpop-nonce, retry-after, x-request-id'

/**
 * Lets pages of any origin read an endpoint, without cookies.
 *
 * For discovery, JWKS, token, revocation and userinfo only: what they answer depends on a credential that the
 * page itself holds. Never for endpoints that a cookie opens.
 */
export function openToAllOrigins(methods: readonly string[]): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    if (c.req.method === 'OPTIONS') {
      return c.body(null, 204, {
        'access-control-allow-origin': '*',
        'access-control-allow-methods': methods.join(', '),
        'access-control-allow-headers': 'authorization, content-type, dpop',
        'access-control-max-age': String(PREFLIGHT_AGE_SECONDS),
      })
    }
    await next()
    c.res.headers.set('access-control-allow-origin', '*')
    c.res.headers.append('access-control-expose-headers', EXPOSED)
    return undefined
  }
}
