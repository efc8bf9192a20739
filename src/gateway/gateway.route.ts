import { Hono } from 'hono'

import type { HttpEnv } from '../http/context.ts'
import type { GatewayPorts } from './exchange.ts'
import { runPipeline } from './pipeline.ts'

/** Whatever no room of ours answers: published routes, and 404 for everything else. */
export function gatewayRoutes(ports: GatewayPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  app.all('*', (c) => runPipeline(c, ports))
  return app
}
