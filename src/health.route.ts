import { Hono } from 'hono'

import { checkHealth, type HealthPorts } from './health.ts'
import { readHealth } from './health.contract.ts'
import type { HttpEnv } from './http/context.ts'
import { serve } from './http/serve.ts'

export function healthRoutes(ports: HealthPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, readHealth, async (_input, c) => {
    const health = await checkHealth(ports, c.var.facts.now)
    return Response.json(health, {
      status: health.status === 'ready' ? 200 : 503,
      headers: { 'cache-control': 'no-store' },
    })
  })
  return app
}
