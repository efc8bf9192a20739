import { documentPage } from '../../http/document.page.tsx'
import type { Locale } from '../../http/locale.ts'
import { PasskeyForm } from './passkey-form.page.tsx'
import { signInPath } from '../return-path.ts'
import { secondFactorWords, type SecondFactorWords } from './second-factor.words.ts'

export type SecondFactorNotice =
  | { readonly reason: 'form_stale' }
  | { readonly reason: 'code_missing' }
  | { readonly reason: 'factor_wrong' }
  | { readonly reason: 'attempts_exhausted'; readonly retryAfterSeconds: number }

export interface SecondFactorForm {
  readonly locale: Locale
  readonly form_token: string
  readonly returnPath: string
  readonly notice: SecondFactorNotice | undefined
  /** What a passkey is asked for, for an account that has one. */
  readonly passkeyOptions: object | undefined
  readonly formTargets: readonly string[]
  readonly headers: Readonly<Record<string, string>>
}

const NOTICE_ID = 'second-factor-notice'
const HINT_ID = 'second-factor-hint'
const ACTION = '/sign-in/second-factor'

export function secondFactorPage(form: SecondFactorForm): Response {
  const { locale, notice, passkeyOptions, formTargets, headers } = form
  const words = secondFactorWords[locale]
  const script = passkeyOptions === undefined ? undefined : '/passkey.js'
  return documentPage(
    { locale, status: statusOf(notice), title: words.title, formTargets, script, headers },
    <>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      {notice && (
        <p class="notice" id={NOTICE_ID} role="alert">
          {sentenceOf(notice, words)}
        </p>
      )}
      <CodeForm {...form} />
      {passkeyOptions && (
        <PasskeyForm
          action={ACTION}
          passkey="get"
          options={passkeyOptions}
          fields={{ form_token: form.form_token, continue: form.returnPath }}
          button={words.usePasskey}
          failed={words.passkeyFailed}
          isAlternative
        />
      )}
      <p class="quiet">
        <a href={signInPath(form.returnPath)}>{words.startOver}</a>
      </p>
    </>,
  )
}

function CodeForm({ locale, form_token, returnPath, notice }: SecondFactorForm) {
  const words = secondFactorWords[locale]
  const isFault = notice?.reason === 'code_missing' || notice?.reason === 'factor_wrong'
  return (
    <form method="post" action={ACTION}>
      <input type="hidden" name="form_token" value={form_token} />
      <input type="hidden" name="continue" value={returnPath} />
      <label for="code">{words.code}</label>
      <input
        id="code"
        name="code"
        type="text"
        autocomplete="one-time-code"
        autocapitalize="none"
        spellcheck={false}
        required
        autofocus
        aria-describedby={isFault ? `${NOTICE_ID} ${HINT_ID}` : HINT_ID}
        {...(isFault && { 'aria-invalid': 'true' })}
      />
      <p class="quiet" id={HINT_ID}>
        {words.codeHint}
      </p>
      <button type="submit">{words.button}</button>
    </form>
  )
}

function statusOf(notice: SecondFactorNotice | undefined): number {
  switch (notice?.reason) {
    case undefined:
      return 200
    case 'form_stale':
      return 403
    case 'code_missing':
    case 'factor_wrong':
      return 422
    case 'attempts_exhausted':
      return 429
  }
}

function sentenceOf(notice: SecondFactorNotice, words: SecondFactorWords): string {
  switch (notice.reason) {
    case 'form_stale':
      return words.formStale
    case 'code_missing':
      return words.codeMissing
    case 'factor_wrong':
      return words.factorWrong
    case 'attempts_exhausted':
      return words.attemptsExhausted(notice.retryAfterSeconds)
  }
}
