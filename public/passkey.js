/**
 * Asks the browser for a passkey and sends what it answers with the form, as if it had been typed.
 *
 * What to ask for stands in the form, `data-passkey` (create or get) and `data-options`. The form is shown only where
 * the browser can do it; a page without script shows the other ways.
 */
const form = document.querySelector('form[data-passkey]')
const alert = document.querySelector('[data-passkey-failed]')

async function ask({ passkey, options }) {
  const json = JSON.parse(options)
  if (passkey === 'create') {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(json)
    return navigator.credentials.create({ publicKey })
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(json)
  return navigator.credentials.get({ publicKey })
}

async function submit(event) {
  event.preventDefault()
  if (alert) alert.hidden = true
  try {
    const credential = await ask(form.dataset)
    form.elements.namedItem('credential').value = JSON.stringify(credential)
    form.submit()
  } catch {
    // The person cancelled, or there is no passkey for this host; browsers do not tell which.
    if (alert) alert.hidden = false
  }
}

if (form && globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  form.addEventListener('submit', submit)
  form.hidden = false
  for (const absence of document.querySelectorAll('[data-passkey-absent]')) absence.hidden = true
}
