import { documentPage } from '../http/document.page.tsx'
import type { Locale } from '../http/locale.ts'

export interface Message {
  readonly locale: Locale
  readonly title: string
  readonly sentences: readonly string[]
  /** Where to go from here, if anywhere. */
  readonly onward?: { readonly href: string; readonly text: string }
  readonly headers?: Readonly<Record<string, string>>
}

/** Says that something was done. */
export function messagePage({ locale, title, sentences, onward, headers = {} }: Message): Response {
  return documentPage(
    { locale, title, status: 200, headers },
    <>
      <h1>{title}</h1>
      {sentences.map((sentence) => (
        <p>{sentence}</p>
      ))}
      {onward && (
        <p>
          <a href={onward.href} class="button">
            {onward.text}
          </a>
        </p>
      )}
    </>,
  )
}
