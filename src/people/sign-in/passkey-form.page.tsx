export interface PasskeyFormView {
  readonly action: string
  readonly passkey: 'create' | 'get'
  /** What the browser is asked for, see `creationOptions` and `requestOptions`. */
  readonly options: object
  readonly fields: Readonly<Record<string, string>>
  readonly button: string
  readonly failed: string
  /** Whether the page has another form that is its main one. */
  readonly isAlternative?: boolean
}

/**
 * A form that a script fills in with a passkey's answer, and that is not there without one. It is sent like every other
 * form, so that nothing of it needs a way past the page's own policy.
 */
export function PasskeyForm(form: PasskeyFormView) {
  const { action, passkey, options, fields, button, failed, isAlternative = false } = form
  return (
    <>
      <form
        method="post"
        action={action}
        data-passkey={passkey}
        data-options={JSON.stringify(options)}
        hidden
      >
        {Object.entries(fields).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <input type="hidden" name="credential" value="" />
        <button type="submit" {...(isAlternative && { class: 'plain' })}>
          {button}
        </button>
      </form>
      <p class="notice" role="alert" data-passkey-failed="" hidden>
        {failed}
      </p>
    </>
  )
}
