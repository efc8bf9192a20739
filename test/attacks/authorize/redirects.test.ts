import { describe, expect, test } from 'vitest'

import { heard, requestWorld } from '../../support/oauth/request-world.ts'

const registered = 'https://app.example/callback'

async function leadsNowhere(redirect_uris: readonly string[], ...tried: readonly string[]): Promise<void> {
  const { ask } = await requestWorld({ redirect_uris: [...redirect_uris], application_type: 'native' })
  for (const redirect_uri of tried) {
    expect(heard(await ask({ redirect_uri })), redirect_uri).toEqual({ page: '400' })
  }
}

describe('whoever wants the code of somebody else', () => {
  test('adds a path or a query to the redirect URI, and is led nowhere', async () => {
    const added = ['?to=evil', '/evil', '#', '/../evil', '%2f..%2fevil', '.evil', '&evil', ';evil', '%00']
    await leadsNowhere([registered], ...added.map((more) => `${registered}${more}`))
  })

  test('writes the same address in another way, and is led nowhere', async () => {
    await leadsNowhere(
      [registered],
      'https://APP.example/callback',
      'HTTPS://app.example/callback',
      'https://app.example/CALLBACK',
      'https://app.example/%63allback',
      'https://app.example:443/callback',
      'https://app.example./callback',
      'https://app.example/./callback',
      'https://user@app.example/callback',
      'https://app.example\\callback',
      ' https://app.example/callback',
    )
  })

  test('names a host that resembles the right one, and is led nowhere', async () => {
    await leadsNowhere(
      [registered],
      'https://app.example.evil.example/callback',
      'https://evil-app.example/callback',
      'https://app.example@evil.example/callback',
      'https://evil.example/?https://app.example/callback',
      'https://xn--pp-wja.example/callback',
      'https://аpp.example/callback',
      '//app.example/callback',
      'javascript:alert(1)//https://app.example/callback',
    )
  })

  test('listens at another port of localhost, and is led nowhere', async () => {
    await leadsNowhere(['http://localhost/cb'], 'http://localhost:51004/cb')
  })

  test('listens at the other loopback address, and is led nowhere', async () => {
    await leadsNowhere(['http://127.0.0.1/cb'], 'http://[::1]:51004/cb', 'http://127.0.0.2:51004/cb')
  })

  test('listens at loopback with another path, and is led nowhere', async () => {
    await leadsNowhere(
      ['http://127.0.0.1/cb'],
      'http://127.0.0.1:51004/evil',
      'http://127.0.0.1:51004@evil.example/cb',
    )
  })

  /** RFC 9700 §4.11: a link of ours would lead wherever its author likes. */
  test('makes an error lead to an address that is not registered, and nobody is led there', async () => {
    const { ask } = await requestWorld()
    const evil = { redirect_uri: 'https://evil.example/', response_type: 'token' }
    expect(heard(await ask(evil))).toEqual({ page: '400' })
  })

  test('writes an address of his own beside a broken request object, and nobody is led there', async () => {
    const { bring } = await requestWorld()
    const answer = await bring('broken', { redirect_uri: 'https://evil.example/' })
    expect(heard(answer)).toEqual({ page: '400' })
    expect(answer.text).not.toContain('evil')
  })

  test('has the browser sent to the redirect URI of another client, and nobody is led there', async () => {
    const { ask, register, client } = await requestWorld()
    const theirs = 'https://other.example/callback'
    await register({
      ...client,
      client_id: 'other',
      metadata: { ...client.metadata, redirect_uris: [theirs] },
    })
    expect(heard(await ask({ redirect_uri: theirs }))).toEqual({ page: '400' })
  })
})
