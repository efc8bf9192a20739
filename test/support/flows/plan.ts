import { assert } from '../../../src/platform/assert.ts'
import type { Send } from '../oauth/answer.ts'
import { form, json } from './sender.ts'
import type { ServiceCredentials } from './service-client.ts'

/** Puts a client on a plan as an operator does. */
export async function putOnPlan(
  send: Send,
  { client_id, client_secret }: ServiceCredentials,
  client: string,
  plan: string,
): Promise<void> {
  const grant = { grant_type: 'client_credentials', client_id, client_secret, scope: 'manage' }
  const { body } = await send('/oauth/token', form(grant))
  const authorization = `Bearer ${String(body.access_token)}`
  const request = { ...json({ plan }, { authorization }), method: 'PUT' }
  const answer = await send(`/v1/clients/${client}/plan`, request)
  assert(answer.status === 200, `the client is put on the plan, got ${answer.text}`)
}
