import { authorizeRoutes } from '../../../src/policy/authorize.route.ts'
import type { CedarInstance } from '../../../src/policy/cedar-instance.ts'
import { newCedar } from '../../../src/policy/cedar.ts'
import { DecisionPoint } from '../../../src/policy/decision-point.ts'
import { policyFiles } from '../../../src/policy/policy-files.ts'
import type { AccessTokenClaims } from '../../../src/signing/access-token.ts'
import { door, foundation, tokenWith, withBearer } from '../signing/door.ts'

export const ofAlice = { sub: 'alice', client_id: 'spa', scope: 'openid read' }
export const ofService = {
  sub: 'service',
  client_id: 'service',
  grant_id: undefined,
  scope: 'read authorize',
}

/** The request of the integration guide. */
export const guide = {
  principal: { type: 'User', id: 'alice' },
  action: { type: 'Action', id: 'read' },
  resource: { type: 'document', id: 'confidential_report.pdf' },
}
export const circumstances = { time: '2024-01-15T14:30:00Z', ip_address: '192.168.1.100' }

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** The endpoint over the bundled policies, with the instances of Cedar that it made. */
export async function policyDoor(source = policyFiles) {
  const base = await foundation()
  const instances: CedarInstance[] = []
  const point = new DecisionPoint({
    source,
    newCedar: () => {
      const cedar = newCedar()
      instances.push(cedar)
      return cedar
    },
  })
  const call = door(authorizeRoutes({ bearer: base.bearer, decide: (request) => point.decide(request) }))
  const post = async (text: string, headers: Record<string, string>): Promise<Answer> =>
    call('POST', '/v1/authorize', { body: text, headers: { 'content-type': 'application/json', ...headers } })
  const ask = async (claims: Partial<AccessTokenClaims>, body: unknown) =>
    post(JSON.stringify(body), withBearer(await tokenWith(base.keyRing, claims)))
  return { ...base, instances, post, ask }
}
