import { describe, expect, test } from 'vitest'

import { revocationsSentMax } from '../../../src/platform/bounds.ts'
import { newAccount, revocationRows } from './vault.ts'

describe('the object of one account, asked to disconnect a client', () => {
  test('ends its grants and has told D1 before it answers', async () => {
    const { vault, vault_id, signIn, refresh, grant_id } = newAccount()
    const token = await signIn()
    expect(await vault.listConnections(vault_id)).toMatchObject([{ client_id: 'spa' }])
    expect(await vault.disconnect(vault_id, 'spa')).toEqual({ grant_ids: [grant_id], isAnnounced: true })
    expect(await revocationRows()).toMatchObject([{ kind: 'grant', id: grant_id }])
    expect(await refresh(token)).toEqual({ reason: 'grant_ended' })
    expect(await vault.listConnections(vault_id)).toEqual([])
  })

  /** A page that asks silently at each visit leaves a grant each time. */
  test('tells D1 of more grants than one message holds', async () => {
    const { vault, vault_id, authorize } = newAccount()
    const count = revocationsSentMax * 2 + 1
    for (let at = 0; at < count; at += 1) {
      await authorize({ grant_id: `grant ${at}`, code_digest: `code ${at}` })
    }
    expect(await vault.disconnect(vault_id, 'spa')).toMatchObject({ isAnnounced: true })
    expect(await revocationRows()).toHaveLength(count)
  })

  test('leaves another client’s grants, and another account’s, as they are', async () => {
    const { vault, vault_id, signIn, refresh } = newAccount()
    const token = await signIn()
    expect(await vault.disconnect(vault_id, 'another')).toEqual({ grant_ids: [], isAnnounced: true })
    expect(await vault.disconnect(newAccount().vault_id, 'spa')).toMatchObject({ grant_ids: [] })
    expect(await refresh(token)).toMatchObject({ was: 'taken' })
    expect(await revocationRows()).toEqual([])
  })
})
