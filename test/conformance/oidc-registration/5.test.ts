import { describe, expect, test } from 'vitest'

import { clientsDoor, json } from '../../support/clients/door.ts'

const SECTOR = 'https://sector.example.com/uris.json'
const redirect_uris = ['https://a.example.com/cb', 'https://b.example.com/cb']

/** Registers with a sector document that is answered so. */
async function register(requested: object, document: () => Response = () => Response.json(redirect_uris)) {
  const door = await clientsDoor({ registrationIsOpen: true, documents: { [SECTOR]: document } })
  const answer = await door.call('POST', '/oauth/register', json({ redirect_uris, ...requested }))
  return { ...answer, asked: door.asked }
}

describe('OpenID Connect Registration §5, sector identifiers', () => {
  test('sector_identifier_uri MUST use https', async () => {
    const answer = await register({ sector_identifier_uri: 'http://sector.example.com/uris.json' })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' }, asked: [] })
  })

  test('its URL is read at registration, and MUST hold a JSON array of redirect URIs', async () => {
    expect(await register({ sector_identifier_uri: SECTOR })).toMatchObject({ status: 201, asked: [SECTOR] })
    const answer = await register({ sector_identifier_uri: SECTOR }, () => Response.json({}))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
  })

  test('all values of redirect_uris MUST be in that array', async () => {
    const answer = await register({ sector_identifier_uri: SECTOR }, () => Response.json([redirect_uris[0]]))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
  })

  test('with pairwise subjects and several hosts, sector_identifier_uri MUST be registered', async () => {
    const subject_type = 'pairwise'
    expect(await register({ subject_type })).toMatchObject({ status: 400 })
    expect(await register({ subject_type, sector_identifier_uri: SECTOR })).toMatchObject({ status: 201 })
    expect(await register({ subject_type, redirect_uris: redirect_uris.slice(0, 1) })).toMatchObject({
      status: 201,
    })
  })
})
