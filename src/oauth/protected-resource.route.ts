import { Hono } from 'hono'

import type { PublishedResources } from '../catalog/published-resources.ts'
import type { HttpContext, HttpEnv, RequestFacts } from '../http/context.ts'
import { openToAllOrigins } from '../http/cross-origin.ts'
import { refuse } from '../http/refusal.ts'
import { answerInput, serve } from '../http/serve.ts'
import { jwksMaxAgeSeconds } from '../platform/bounds.ts'
import {
  readGatewayMetadata,
  readResourceMetadata,
  type ResourceMetadata,
} from './protected-resource.contract.ts'
import { describeGateway, describeResource } from './protected-resource.ts'

export interface ProtectedResourcePorts {
  readonly issuer: string
  /** What is published, from memory; undefined before it could be read at all. */
  readonly resources: (facts: RequestFacts) => Promise<PublishedResources | undefined>
}

/** Metadata of the gateway and of each published API, so that a client finds its way from a 401 alone. */
export function protectedResourceRoutes(ports: ProtectedResourcePorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  const { issuer } = ports
  const gatewayMetadata = describeGateway(issuer)
  app.use(`${readGatewayMetadata.path}/*`, openToAllOrigins(['GET']))
  serve(app, readGatewayMetadata, () => answer(gatewayMetadata))
  // The path of a resource may have several segments, which a plain parameter does not match.
  app.get(`${readGatewayMetadata.path}/:resource_path{.+}`, (c) =>
    answerInput(readResourceMetadata, c, ({ params }) => answerResource(params.resource_path, c, ports)),
  )
  return app
}

async function answerResource(
  resource_path: string,
  c: HttpContext,
  { issuer, resources }: ProtectedResourcePorts,
): Promise<Response> {
  const published = await resources(c.var.facts)
  if (published === undefined) return refuse(c, 'unavailable', { headers: { 'retry-after': '1' } })
  const found = published.find(`${issuer}/${resource_path}`)
  return found === undefined ? refuse(c, 'not_found') : answer(describeResource(found, issuer))
}

function answer(metadata: ResourceMetadata): Response {
  return Response.json(metadata, { headers: { 'cache-control': `public, max-age=${jwksMaxAgeSeconds}` } })
}
