import { DurableObject } from 'cloudflare:workers'
export { GrantsObject } from './grants/grants.object.ts'
export class LimiterObject extends DurableObject {
  hello() {
    return this.ctx.storage.sql.exec('select 1 as a').one()
  }
}
export default {
  async fetch(_request: Request, env: any) {
    return Response.json([await env.LIMITER.getByName('a').hello()])
  },
}
