import type { HttpContext } from './context.ts'
import { documentPage } from './document.page.tsx'
import { localeOf, type InEachLocale } from './locale.ts'
import { requestWord, type RefusalWords } from './refusal.words.ts'

export interface PageRefusal {
  readonly status: number
  readonly words: InEachLocale<RefusalWords>
  /** For whoever made the link or the form, in English like every message to developers. */
  readonly detail?: string
  /** Of the authorization request that is refused, where one could be read. */
  readonly ui_locales?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Tells a person why it stops here. It never leads anywhere: a page reached through an unverified link must
 * not carry that link on.
 */
export function refusalPage(c: HttpContext, refusal: PageRefusal): Response {
  const { status, detail, ui_locales, headers = {} } = refusal
  const locale = localeOf(c, ui_locales)
  const { title, message } = refusal.words[locale]
  return documentPage(
    { locale, status, title, headers },
    <>
      <h1>{title}</h1>
      <p>{message}</p>
      {detail !== undefined && (
        <p class="quiet" lang="en">
          {detail}
        </p>
      )}
      <p class="quiet">
        {requestWord[locale]} <code>{c.var.facts.request_id}</code>
      </p>
    </>,
  )
}
