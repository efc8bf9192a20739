import type { HttpContext } from './context.ts'

/** Languages that pages speak, as BCP 47 tags; the first is for everybody whose own is not among them. */
export const locales = ['en', 'de'] as const

export type Locale = (typeof locales)[number]

/** Sentences of one page. A sentence that lacks one of the languages does not compile. */
export type InEachLocale<T> = Readonly<Record<Locale, T>>

/** A sentence around something that the page sets apart, such as a name: what stands before it, and what after. */
export type Around = readonly [before: string, after: string]

/**
 * The language of a page: what the client asked for in `ui_locales`, else what the browser says, else English.
 *
 * A page that belongs to an authorization request is given that request's `ui_locales`; any other takes its own query.
 * What cannot be read or is not spoken here is passed over, never refused.
 *
 * @see OpenID Connect Core 1.0 §3.1.2.1 (ui_locales: tags in order of preference, no error if unsupported)
 * @see RFC 4647 §3.4 (lookup)
 */
export function localeOf(c: HttpContext, ui_locales?: string): Locale {
  const asked = (ui_locales ?? c.req.query('ui_locales') ?? '').split(' ')
  const preferred = acceptedLanguages(c.req.header('accept-language') ?? '')
  return [...asked, ...preferred].map(spoken).find((locale) => locale !== undefined) ?? locales[0]
}

/** The language itself counts: whoever asks for `de-CH` reads `de`. */
function spoken(tag: string): Locale | undefined {
  const [language] = tag.toLowerCase().split('-')
  return locales.find((locale) => locale === language)
}

/** Tags of an `Accept-Language` header, most wanted first; those with `q=0` are not wanted (RFC 9110 §12.5.4). */
function acceptedLanguages(header: string): readonly string[] {
  return header
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim())
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1'
      return { tag, quality: Number(quality) }
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag)
}
