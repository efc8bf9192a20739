import type { Exchange } from '../exchange.ts'

const PREFLIGHT_AGE_SECONDS = 3600
const HEADER_NAMES = /^[\w!#$%&'*+.^`|~-]+(?:[ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*$/
const HEADER_NAMES_CHARACTERS_MAX = 1024

/** Headers of ours that a page may read beside the ones that browsers always show. */
const EXPOSED = [
  'dpop-nonce',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'www-authenticate',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'x-request-id',
].join(', ')

/** The method that a browser asks about before a page may use it, or undefined where the request is none such. */
export function preflightMethod(request: Request): string | undefined {
  if (request.method !== 'OPTIONS' || !request.headers.has('origin')) return undefined
  return request.headers.get('access-control-request-method') ?? undefined
}

/**
 * Answers a browser's preflight for a published route; the upstream never sees one.
 *
 * A page of another origin gets an answer without permission, which is how a browser is told no. Any header may
 * be sent: the credential is one that the page itself holds, so the browser adds no authority of its own.
 */
export function answerPreflight({ c, route }: Exchange): Response | undefined {
  const method = preflightMethod(c.req.raw)
  if (method === undefined) return undefined
  const headers = new Headers({ vary: 'access-control-request-headers, access-control-request-method' })
  if (allowedOrigin(c.req.header('origin'), route.allowed_origins) !== undefined) {
    headers.set('access-control-allow-methods', method)
    headers.set('access-control-max-age', String(PREFLIGHT_AGE_SECONDS))
    const names = c.req.header('access-control-request-headers') ?? ''
    if (names.length <= HEADER_NAMES_CHARACTERS_MAX && HEADER_NAMES.test(names)) {
      headers.set('access-control-allow-headers', names)
    }
  }
  return new Response(null, { status: 204, headers })
}

/** For every answer of a route, refusals among them. `Allow-Credentials` is never sent: cookies open nothing here. */
export function crossOriginHeaders({ c, route }: Exchange): readonly (readonly [string, string])[] {
  if (route.allowed_origins.length === 0) return []
  const allowed = allowedOrigin(c.req.header('origin'), route.allowed_origins)
  const vary = route.allowed_origins.includes('*') ? [] : [['vary', 'origin'] as const]
  if (allowed === undefined) return vary
  return [...vary, ['access-control-allow-origin', allowed], ['access-control-expose-headers', EXPOSED]]
}

function allowedOrigin(origin: string | undefined, allowed: readonly string[]): string | undefined {
  if (origin === undefined) return undefined
  if (allowed.includes('*')) return '*'
  return allowed.includes(origin) ? origin : undefined
}
