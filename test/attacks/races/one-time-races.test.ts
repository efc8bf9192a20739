import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { createGrantsVault } from '../../../src/grants/grants-vault.ts'
import { createOneTimeVault, placeOf } from '../../../src/grants/one-time-vault.ts'
import { epochSeconds } from '../../../src/platform/clock.ts'
import { randomId, systemRandom } from '../../../src/platform/random.ts'

const TIMES = 200
const oneTime = createOneTimeVault(env.ONE_TIME, systemRandom)
const grants = createGrantsVault(env.GRANTS)
const inParallel = <T>(run: () => Promise<T>) => Promise.all(Array.from({ length: TIMES }, run))

function useOf(kind: 'assertion' | 'proof') {
  return { kind, owner: randomId(systemRandom), jti: 'jti', expires_at: epochSeconds(Date.now()) + 60 }
}

async function waitingDevice() {
  const device = {
    digest: randomId(systemRandom),
    device_digest: randomId(systemRandom),
    client_id: 'tv',
    dpop_jkt: null,
    grant_id: randomId(systemRandom),
    scope: 'read',
    resource: [],
    expires_at: epochSeconds(Date.now()) + 600,
    interval: 5,
  }
  await oneTime.beginDevice(device)
  return device
}

describe('a race for what works once', () => {
  test('bringing one assertion two hundred times at once is first once', async () => {
    const use = useOf('assertion')
    const answers = await inParallel(() => oneTime.spendOnce(use))
    expect(answers.filter((answer) => answer === 'first')).toHaveLength(1)
  })

  test('bringing one proof two hundred times at once is first once', async () => {
    const use = useOf('proof')
    const answers = await inParallel(() => oneTime.spendOnce(use))
    expect(answers.filter((answer) => answer === 'first')).toHaveLength(1)
  })

  test('completing one pushed request two hundred times at once wins once', async () => {
    const [digest, client_id] = [randomId(systemRandom), randomId(systemRandom)]
    const place = placeOf(client_id)
    await oneTime.pushRequest(place, { digest, client_id, parameters: {}, dpop_jkt: null })
    const answers = await inParallel(() => oneTime.spendRequest(place, { digest, client_id }))
    expect(answers.filter(Boolean)).toHaveLength(1)
  })

  test('deciding one user code from two hundred accounts at once lets one in', async () => {
    const { digest } = await waitingDevice()
    const answers = await inParallel(() =>
      oneTime.decideDevice({ digest, client_id: 'tv', vault_id: randomId(systemRandom) }),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
  })

  test('polling two hundred times at once gets one answer', async () => {
    const { digest, device_digest } = await waitingDevice()
    const answers = await inParallel(() =>
      oneTime.pollDevice(placeOf(digest), { device_digest, client_id: 'tv', dpop_jkt: null }),
    )
    expect(answers.filter(({ state }) => state === 'pending')).toHaveLength(1)
    expect(answers.filter(({ state }) => state === 'slow_down')).toHaveLength(TIMES - 1)
  })

  test('redeeming one device code two hundred times at once wins once, and the grant lives', async () => {
    const { device_digest, grant_id, expires_at } = await waitingDevice()
    const vault_id = randomId(systemRandom)
    const bindings = {
      client_id: 'tv',
      account_id: 'alice',
      sub: 'alice',
      sid: 'sid',
      scope: 'read',
      nonce: null,
      auth_time: epochSeconds(Date.now()),
      amr: ['pwd'],
      resource: [],
      claims: null,
      dpop_jkt: null,
    }
    await grants.approveDevice(vault_id, { grant_id, device_digest, expires_at, bindings })
    const command = { device_digest, client_id: 'tv', dpop_jkt: null, resource: null }
    const answers = await inParallel(() =>
      grants.redeemDeviceCode(vault_id, { ...command, refresh: { digest: 'refresh', dpop_jkt: null } }),
    )
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await grants.inspectRefreshToken(vault_id, 'refresh')).toMatchObject({ grant: { grant_id } })
  })
})
