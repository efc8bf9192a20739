import { encode } from 'uqr'

import { typedTotpSecret } from '../../accounts/totp.ts'
import { documentPage } from '../../http/document.page.tsx'
import type { Locale } from '../../http/locale.ts'
import type { Secret } from '../../platform/secret.ts'
import { factorEnrolmentWords } from './factor-enrolment.words.ts'
import { addPasskey, confirmTotpEnrolment, showFactors } from './factors.contract.ts'
import type { TotpEnrolment } from './factors.ts'
import { PasskeyForm } from '../sign-in/passkey-form.page.tsx'

interface EnrolmentView {
  readonly locale: Locale
  readonly form_token: string
  readonly notice: 'stale' | 'refused' | undefined
}

export interface TotpEnrolmentView extends EnrolmentView {
  readonly enrolment: TotpEnrolment
  readonly uri: string
}

const NOTICE_ID = 'enrolment-notice'
const HINT_ID = 'enrolment-hint'
const STATUS = { stale: 403, refused: 422 } as const

export function totpEnrolmentPage(view: TotpEnrolmentView): Response {
  const { locale, notice, uri, enrolment } = view
  const words = factorEnrolmentWords[locale]
  return documentPage(
    { locale, status: notice === undefined ? 200 : STATUS[notice], title: words.appTitle },
    <>
      <h1>{words.appTitle}</h1>
      {notice && (
        <p class="notice" id={NOTICE_ID} role="alert">
          {notice === 'stale' ? words.stale : words.codeWrong}
        </p>
      )}
      <p>{words.appScan}</p>
      <QrCode text={uri} label={words.appQr} />
      <p>{words.appType}</p>
      <code class="code">{typedTotpSecret(enrolment.secret)}</code>
      <p>
        <a href={uri}>{words.appOpen}</a>
      </p>
      <form method="post" action={confirmTotpEnrolment.path}>
        <input type="hidden" name="form_token" value={view.form_token} />
        <input type="hidden" name="factor_id" value={enrolment.factor_id} />
        <input type="hidden" name="secret_sealed" value={enrolment.secret_sealed} />
        <label for="code">{words.code}</label>
        <input
          id="code"
          name="code"
          type="text"
          inputmode="numeric"
          autocomplete="one-time-code"
          required
          aria-describedby={notice === 'refused' ? `${NOTICE_ID} ${HINT_ID}` : HINT_ID}
          {...(notice === 'refused' && { 'aria-invalid': 'true' })}
        />
        <p class="quiet" id={HINT_ID}>
          {words.codeHint}
        </p>
        <button type="submit">{words.confirm}</button>
      </form>
      <Back words={words} />
    </>,
  )
}

export interface PasskeyEnrolmentView extends EnrolmentView {
  /** See `creationOptions`. */
  readonly options: object
}

export function passkeyEnrolmentPage({
  locale,
  form_token,
  notice,
  options,
}: PasskeyEnrolmentView): Response {
  const words = factorEnrolmentWords[locale]
  const status = notice === undefined ? 200 : STATUS[notice]
  return documentPage(
    { locale, status, title: words.passkeyTitle, script: '/passkey.js' },
    <>
      <h1>{words.passkeyTitle}</h1>
      <p class="lead">{words.passkeyLead}</p>
      {notice && (
        <p class="notice" role="alert">
          {notice === 'stale' ? words.stale : words.passkeyRefused}
        </p>
      )}
      <PasskeyForm
        action={addPasskey.path}
        passkey="create"
        options={options}
        fields={{ form_token }}
        button={words.passkeyButton}
        failed={words.passkeyFailed}
      />
      <p data-passkey-absent="">{words.passkeyAbsent}</p>
      <Back words={words} />
    </>,
  )
}

export interface RecoveryCodesView {
  readonly locale: Locale
  readonly codes: readonly Secret[]
}

export function recoveryCodesPage({ locale, codes }: RecoveryCodesView): Response {
  const words = factorEnrolmentWords[locale]
  return documentPage(
    { locale, status: 200, title: words.codesTitle },
    <>
      <h1>{words.codesTitle}</h1>
      <p class="lead">{words.codesLead}</p>
      <ol class="codes">
        {codes.map((code) => (
          <li>
            <code>{code.reveal()}</code>
          </li>
        ))}
      </ol>
      <p>
        <a href={showFactors.path} class="button">
          {words.codesDone}
        </a>
      </p>
    </>,
  )
}

function Back({ words }: { readonly words: { readonly back: string } }) {
  return (
    <p class="quiet">
      <a href={showFactors.path}>{words.back}</a>
    </p>
  )
}

/** Drawn in the page, since no policy of ours lets a picture in from its own text. Dark on light in either scheme: scanners need it. */
function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const path = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} width="224" height="224" role="img" aria-label={label}>
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
