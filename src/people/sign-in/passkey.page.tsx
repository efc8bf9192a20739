import { documentPage } from '../../http/document.page.tsx'
import type { Locale } from '../../http/locale.ts'
import { PasskeyForm } from './passkey-form.page.tsx'
import { passkeyWords, type PasskeyWords } from './passkey.words.ts'
import { signInPath } from '../return-path.ts'

export type PasskeyNotice =
  | { readonly reason: 'form_stale' }
  | { readonly reason: 'passkey_refused' }
  | { readonly reason: 'attempts_exhausted'; readonly retryAfterSeconds: number }

export interface PasskeySignInView {
  readonly locale: Locale
  readonly form_token: string
  readonly returnPath: string
  readonly notice: PasskeyNotice | undefined
  readonly options: object
  readonly formTargets: readonly string[]
  readonly headers: Readonly<Record<string, string>>
}

/** The page has a script, so it is one of its own: the page that asks for a password has none. */
export function passkeySignInPage(view: PasskeySignInView): Response {
  const { locale, notice, formTargets, headers } = view
  const words = passkeyWords[locale]
  return documentPage(
    { locale, status: statusOf(notice), title: words.title, formTargets, script: '/passkey.js', headers },
    <>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      {notice && (
        <p class="notice" role="alert">
          {sentenceOf(notice, words)}
        </p>
      )}
      <PasskeyForm
        action="/sign-in/passkey"
        passkey="get"
        options={view.options}
        fields={{ form_token: view.form_token, continue: view.returnPath }}
        button={words.button}
        failed={words.failed}
      />
      <p data-passkey-absent="">{words.absent}</p>
      <p class="quiet">
        <a href={signInPath(view.returnPath)}>{words.usePassword}</a>
      </p>
    </>,
  )
}

function statusOf(notice: PasskeyNotice | undefined): number {
  switch (notice?.reason) {
    case undefined:
      return 200
    case 'form_stale':
      return 403
    case 'passkey_refused':
      return 422
    case 'attempts_exhausted':
      return 429
  }
}

function sentenceOf(notice: PasskeyNotice, words: PasskeyWords): string {
  switch (notice.reason) {
    case 'form_stale':
      return words.formStale
    case 'passkey_refused':
      return words.refused
    case 'attempts_exhausted':
      return words.attemptsExhausted(notice.retryAfterSeconds)
  }
}
