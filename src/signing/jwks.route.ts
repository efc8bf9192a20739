import { Hono } from 'hono'

import type { HttpEnv } from '../http/context.ts'
import { openToAllOrigins } from '../http/cross-origin.ts'
import { serve } from '../http/serve.ts'
import { jwksMaxAgeSeconds } from '../platform/bounds.ts'
import { serveToBearer } from './bearer.route.ts'
import type { BearerPorts } from './bearer.ts'
import { readJwks, rotateSigningKeys } from './jwks.contract.ts'
import type { RereadableKeyRing } from './key-ring.ts'
import type { KeyStatus } from './key-rotation.ts'

export interface JwksPorts {
  readonly keyRing: Pick<RereadableKeyRing, 'jwks' | 'forget'>
  readonly rotateKeys: (nowMs: number) => Promise<readonly KeyStatus[]>
  readonly bearer: BearerPorts
}

export function jwksRoutes(ports: JwksPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()

  app.use(readJwks.path, openToAllOrigins(['GET']))
  serve(app, readJwks, async (_input, c) => {
    const jwks = await ports.keyRing.jwks(c.var.facts.now)
    return c.body(JSON.stringify(jwks), 200, {
      'content-type': 'application/jwk-set+json',
      'cache-control': `public, max-age=${jwksMaxAgeSeconds}`,
    })
  })

  serveToBearer(app, rotateSigningKeys, ports.bearer, async (_input, c) => {
    const keys = await ports.rotateKeys(c.var.facts.now)
    ports.keyRing.forget()
    return c.json({ keys }, 200, { 'cache-control': 'no-store' })
  })

  return app
}
