import { describe, expect, test } from 'vitest'

import { Browser } from '../../support/people/browser.ts'
import { application, authorizationQuery, person, signIn, signedIn } from '../../support/people/cast.ts'

/** A request of an application for a person who reads German. */
async function germanRequest(): Promise<string> {
  const client = await application({ policy_uri: 'https://app.example/privacy' })
  return authorizationQuery(client, { ui_locales: 'fr de-AT' })
}

const GERMAN = { 'content-language': 'de', vary: 'accept-language, cookie' } as const

function languageOf(headers: Headers) {
  return { 'content-language': headers.get('content-language'), vary: headers.get('vary') }
}

describe('an authorization request with ui_locales', () => {
  test('is followed by sign-in, by a form that was refused, and by consent, all in that language', async () => {
    await person('alice')
    const browser = new Browser()
    const { location } = await browser.open(`/oauth/authorize?${await germanRequest()}`)
    const form = await browser.open(location ?? '')
    expect(form.html).toContain('<html lang="de">')
    expect(form.html).toContain('weiter zu <strong><bdi>Photo Printer</bdi></strong>')
    expect(form.html).toContain('Datenschutzerklärung')
    expect(languageOf(form.headers)).toEqual(GERMAN)

    const refused = await browser.submit(form, { email: 'alice@example.com', password: 'wrong' })
    expect(refused.html).toContain('Die E-Mail-Adresse oder das Passwort ist nicht richtig.')

    const path = new URL(location ?? '', 'http://localhost').searchParams.get('continue') ?? ''
    const next = await browser.open((await signIn(browser, 'alice@example.com', path)).location ?? '')
    const consent = await browser.open(next.location ?? '')
    expect(consent.html).toContain('Darf <bdi>Photo Printer</bdi> Ihr Konto verwenden?')
    expect(consent.html).toContain('Ihre E-Mail-Adresse sehen')
    expect(languageOf(consent.headers)).toEqual(GERMAN)
  })

  test('that leads nowhere says so in that language', async () => {
    const { html } = await new Browser().open('/oauth/authorize?client_id=nobody&ui_locales=de')
    expect(html).toContain('Diese Anwendung ist hier nicht bekannt')
  })
})

describe('a page of its own', () => {
  test('is in the language of its query, dates too', async () => {
    const browser = await signedIn('alice')
    const { html } = await browser.open('/account?ui_locales=de')
    expect(html).toContain('Ihr Konto')
    expect(html).toMatch(/<time datetime="\d{4}-[^"]+Z">\d{1,2}\. \p{L}+ \d{4} um \d{2}:\d{2} UTC<\/time>/u)
    expect((await browser.open('/account')).html).toMatch(
      /<time datetime="\d{4}-[^"]+Z">\d{1,2} \p{L}+ \d{4} at \d{2}:\d{2} UTC<\/time>/u,
    )
    expect((await browser.open('/sign-out?ui_locales=de')).html).toContain('Abmelden?')
    expect((await new Browser().open('/sign-out?ui_locales=de')).html).toContain('Sie sind abgemeldet')
  })

  test('that refuses is in that language as well, and marks what is meant for developers as English', async () => {
    const { html } = await new Browser().open('/sign-in?ui_locales=de&continue=%2F%2Fevil.example')
    expect(html).toContain('Diese Anfrage ist nicht lesbar')
    expect(html).toContain('<p class="quiet" lang="en">continue: must be')
    expect(html).toContain('Anfrage <code>req_')
  })
})
