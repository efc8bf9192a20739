import type { Locale } from './locale.ts'

/** Whose way of writing dates is used: `en` alone would be that of the United States, with the month first. */
const CONVENTIONS = { en: 'en-GB', de: 'de-DE' } as const satisfies Record<Locale, string>

/**
 * A point in time in the reader's language. It is in UTC and says so, because a page without script does not know
 * where the reader is.
 */
export function Instant({ at, locale }: { readonly at: number; readonly locale: Locale }) {
  const date = new Date(at * 1000)
  const format = new Intl.DateTimeFormat(CONVENTIONS[locale], {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
  return <time datetime={date.toISOString()}>{`${format.format(date)} UTC`}</time>
}
