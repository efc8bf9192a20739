import { Hono } from 'hono'

import type { HttpEnv } from '../http/context.ts'
import { openToAllOrigins } from '../http/cross-origin.ts'
import { serve } from '../http/serve.ts'
import { jwksMaxAgeSeconds } from '../platform/bounds.ts'
import { readOpenIdConfiguration, readServerMetadata } from './metadata.contract.ts'
import { describeServer } from './metadata.ts'

/** The same document at both addresses: RFC 8414 §2 and OpenID Connect Discovery §3 share one registry of members. */
export function metadataRoutes(ports: { readonly issuer: string }): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  const metadata = describeServer(ports.issuer)
  for (const operation of [readOpenIdConfiguration, readServerMetadata]) {
    app.use(operation.path, openToAllOrigins(['GET']))
    serve(app, operation, () =>
      Response.json(metadata, { headers: { 'cache-control': `public, max-age=${jwksMaxAgeSeconds}` } }),
    )
  }
  return app
}
