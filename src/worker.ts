import { DurableObject } from 'cloudflare:workers'
import policy from '../policies/demo.cedar'
export { GrantsObject } from './grants/grants.object.ts'
export class LimiterObject extends DurableObject {
  hello() {
    return this.ctx.storage.sql.exec('select 1 as a').one()
  }
}
export default {
  async fetch(_request: Request, env: any) {
    return Response.json([policy, await env.LIMITER.getByName('a').hello()])
  },
}
