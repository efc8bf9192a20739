import { describe, expect, test } from 'vitest'

import { basic, present, presentTo, SECRET } from '../../support/clients/presentation.ts'

describe('failed client authentications', () => {
  test('are counted by client and address', async () => {
    const { counted: first } = await present({ authorization: basic('basic', 'wrong') })
    const { counted: second } = await present({ client_id: 'post', client_secret: 'wrong' })
    expect(first).toMatchObject([{ address: '192.0.2.1' }])
    expect(first).not.toEqual(second)
  })

  /** If they were counted otherwise, the number that is let through would tell which clients exist. */
  test('of clients that do not exist are counted as if they did', async () => {
    const { counted } = await present({ client_id: 'basic', client_secret: 'wrong' })
    const { counted: elsewhere } = await presentTo([], { client_id: 'basic', client_secret: 'wrong' })
    expect(elsewhere).toEqual(counted)
  })

  /** Each name would otherwise wake an object of its own. */
  test('of made-up names fall into a few groups', async () => {
    const groups = new Set<string>()
    for (let at = 0; at < 500; at += 1) {
      const { counted } = await present({ client_id: `nobody-${at}` })
      groups.add(counted[0]?.client_id ?? '')
    }
    expect(groups.size).toBeLessThanOrEqual(64)
    expect(groups.size).toBeGreaterThan(32)
  })

  test('beyond the limit are answered with how long to wait', async () => {
    expect(await present({ authorization: basic('basic', 'wrong') }, false)).toMatchObject({
      error: { error: 'slow_down', headers: { 'retry-after': '17' } },
    })
  })

  /** Or anybody could keep a client out by failing in its name. */
  test('never hold up the right secret', async () => {
    expect(await present({ authorization: basic('basic', SECRET) }, false)).toMatchObject({
      accepted: 'basic',
    })
  })
})
