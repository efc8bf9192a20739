import type { Passkey } from '../../accounts/passkey.ts'
import type { TotpFactor } from '../../accounts/totp.ts'
import { documentPage } from '../../http/document.page.tsx'
import { Instant } from '../../http/instant.page.tsx'
import type { Locale } from '../../http/locale.ts'
import { passkeyNameCharactersMax } from '../../platform/factor-bounds.ts'
import { changeFactors, showPasskeyEnrolment, showTotpEnrolment } from './factors.contract.ts'
import { factorsWords } from './factors.words.ts'

export interface FactorsView {
  readonly locale: Locale
  readonly form_token: string
  readonly totp: Pick<TotpFactor, 'created_at'> | undefined
  readonly passkeys: readonly Pick<Passkey, 'credential_id' | 'name' | 'created_at' | 'used_at'>[]
  readonly recoveryCodesLeft: number
  /** Whether a form was sent already that could not be taken. */
  readonly isStale: boolean
}

export function factorsPage(view: FactorsView): Response {
  const { locale, isStale, totp, passkeys } = view
  const words = factorsWords[locale]
  return documentPage(
    { locale, status: isStale ? 403 : 200, title: words.title },
    <>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      {isStale && (
        <p class="notice" role="alert">
          {words.stale}
        </p>
      )}
      <App {...view} />
      <Passkeys {...view} />
      {(totp !== undefined || passkeys.length > 0) && <RecoveryCodes {...view} />}
      <p class="quiet">
        <a href="/account">{words.back}</a>
      </p>
    </>,
  )
}

function App({ locale, totp, form_token }: FactorsView) {
  const words = factorsWords[locale]
  return (
    <section class="entry">
      <h2>{words.app}</h2>
      {totp === undefined ? (
        <>
          <p>{words.appAbsent}</p>
          <p>
            <a href={showTotpEnrolment.path} class="button plain">
              {words.addApp}
            </a>
          </p>
        </>
      ) : (
        <form method="post" action={changeFactors.path}>
          <p>
            {words.appPresent} <Instant at={totp.created_at} locale={locale} />
          </p>
          <input type="hidden" name="form_token" value={form_token} />
          <button type="submit" name="action" value="remove_totp" class="plain">
            {words.remove}
            <span class="unseen"> ({words.app})</span>
          </button>
        </form>
      )}
    </section>
  )
}

function Passkeys(view: FactorsView) {
  const { locale, passkeys } = view
  const words = factorsWords[locale]
  return (
    <section class="entry">
      <h2>{words.passkeys}</h2>
      {passkeys.length === 0 && <p>{words.passkeysAbsent}</p>}
      {passkeys.map((passkey, at) => (
        <PasskeyEntry passkey={passkey} at={at} view={view} />
      ))}
      <p>
        <a href={showPasskeyEnrolment.path} class="button plain">
          {words.addPasskey}
        </a>
      </p>
    </section>
  )
}

interface PasskeyEntryView {
  readonly passkey: FactorsView['passkeys'][number]
  readonly at: number
  readonly view: FactorsView
}

function PasskeyEntry({ passkey, at, view }: PasskeyEntryView) {
  const { locale, form_token } = view
  const words = factorsWords[locale]
  const id = `passkey-${at}`
  return (
    <form method="post" action={changeFactors.path}>
      <input type="hidden" name="form_token" value={form_token} />
      <input type="hidden" name="credential_id" value={passkey.credential_id} />
      <label for={id}>{words.name}</label>
      <input id={id} name="name" type="text" value={passkey.name} maxlength={passkeyNameCharactersMax} />
      <p class="quiet">
        {words.added} <Instant at={passkey.created_at} locale={locale} /> ·{' '}
        {passkey.used_at === null ? (
          words.neverUsed
        ) : (
          <>
            {words.lastUsed} <Instant at={passkey.used_at} locale={locale} />
          </>
        )}
      </p>
      <div class="choices">
        <button type="submit" name="action" value="rename_passkey" class="plain">
          {words.rename}
          <span class="unseen"> ({passkey.name})</span>
        </button>
        <button type="submit" name="action" value="remove_passkey" class="plain">
          {words.remove}
          <span class="unseen"> ({passkey.name})</span>
        </button>
      </div>
    </form>
  )
}

function RecoveryCodes({ locale, form_token, recoveryCodesLeft }: FactorsView) {
  const words = factorsWords[locale]
  return (
    <section class="entry">
      <h2>{words.recoveryCodes}</h2>
      <p>{words.recoveryCodesLeft(recoveryCodesLeft)}</p>
      <form method="post" action={changeFactors.path}>
        <input type="hidden" name="form_token" value={form_token} />
        <button type="submit" name="action" value="renew_recovery_codes" class="plain">
          {words.renewCodes}
        </button>
      </form>
    </section>
  )
}
