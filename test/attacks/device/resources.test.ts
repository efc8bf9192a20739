import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'

import { deviceWorld } from '../../support/oauth/device-world.ts'
import { invoices, orders, publishResources } from '../../support/oauth/resources.ts'

/** A device that a person lets in for one of two published APIs. */
async function admitted() {
  await publishResources()
  const world = await deviceWorld()
  const { device_code, user_code } = (await world.begin({ resource: orders })).body
  await world.decide(user_code, 'allow')
  return { ...world, device_code }
}

const refused = { status: 400, body: { error: 'invalid_target' } }

describe('a device that asks for more than the person saw', () => {
  test('polls for an API that the grant is not for: it gets nothing, and what it may have stays', async () => {
    const { device_code, pollInTime } = await admitted()
    expect(await pollInTime(device_code, { resource: invoices })).toMatchObject(refused)
    const { status, body } = await pollInTime(device_code, { resource: orders })
    expect([status, decodeJwt(String(body['access_token'])).aud]).toEqual([200, orders])
  })

  test('begins for an API that nobody has published: nobody is asked to allow it', async () => {
    await publishResources()
    const { begin } = await deviceWorld()
    const answer = await begin({ resource: 'https://attacker.example/api' })
    expect(answer).toMatchObject(refused)
    expect(answer.body).not.toHaveProperty('user_code')
  })
})
