import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'

import type { HttpEnv } from '../../../src/http/context.ts'
import { localeOf } from '../../../src/http/locale.ts'

/** The language of a page that is asked for with a query and an `Accept-Language`, and belongs to a request. */
async function pageIn(query: string, acceptLanguage?: string, ui_locales?: string): Promise<string> {
  const app = new Hono<HttpEnv>()
  app.get('/', (c) => c.text(localeOf(c, ui_locales)))
  const headers = new Headers()
  if (acceptLanguage !== undefined) headers.set('accept-language', acceptLanguage)
  return (await app.request(`/${query}`, { headers })).text()
}

describe('the language of a page', () => {
  test.each([
    ['de', 'de'],
    ['de-CH', 'de'],
    ['DE-at', 'de'],
    ['fr, de;q=0.8, en;q=0.9', 'en'],
    ['fr-CA, de;q=0.5', 'de'],
    ['de;q=0, en;q=0.1', 'en'],
    ['*', 'en'],
    ['', 'en'],
    [';;;q=x,de;q=nonsense', 'en'],
    ['<script>', 'en'],
  ])('is what the browser wants most of what is spoken: %j', async (header, locale) => {
    expect(await pageIn('', header)).toBe(locale)
  })

  test('is English where nothing is said', async () => {
    expect(await pageIn('')).toBe('en')
  })

  /** OpenID Connect Core §3.1.2.1: in order of preference, and no error if none is supported. */
  test.each([
    ['de', 'de'],
    ['fr-CA fr de en', 'de'],
    ['en de', 'en'],
    ['tlh', 'de'],
    ['%00', 'de'],
  ])('is that of ui_locales=%s before that of the browser', async (ui_locales, locale) => {
    expect(await pageIn(`?ui_locales=${encodeURIComponent(ui_locales)}`, 'de')).toBe(locale)
  })

  test('is that of the authorization request, whatever the page’s own query says', async () => {
    expect(await pageIn('?ui_locales=en', 'en', 'de')).toBe('de')
  })
})
