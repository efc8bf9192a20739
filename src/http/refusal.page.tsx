import type { HttpContext } from './context.ts'
import { documentPage } from './document.page.tsx'

export interface PageRefusal {
  readonly status: number
  readonly title: string
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Tells a person why it stops here. It never leads anywhere: a page reached through an unverified link must
 * not carry that link on.
 */
export function refusalPage(c: HttpContext, refusal: PageRefusal): Response {
  return documentPage(
    { ...refusal, locale: 'en' },
    <>
      <h1>{refusal.title}</h1>
      <p>{refusal.message}</p>
      <p class="quiet">
        Request <code>{c.var.facts.request_id}</code>
      </p>
    </>,
  )
}
