import type { HttpContext } from '../http/context.ts'
import type { Random } from '../platform/random.ts'
import { formCookie, makeFormCookieValue, readFormCookie } from './form-cookie.ts'
import { issueFormToken, verifyFormToken, type FormUse } from './form-token.ts'

export interface AnonymousFormPorts {
  readonly formMac: Uint8Array
  readonly random: Random
}

export interface OpenedForm {
  readonly form_token: string
  /** Names the browser. */
  readonly holder: string
  readonly headers: Readonly<Record<string, string>>
}

/** A form for somebody who has no session: it is tied to the browser by the form cookie, which is made where it lacks. */
export function openAnonymousForm(
  c: HttpContext,
  use: Omit<FormUse, 'holder'>,
  { formMac, random }: AnonymousFormPorts,
): OpenedForm {
  const known = readFormCookie(c.req.header('cookie'))
  const holder = known ?? makeFormCookieValue(random)
  return {
    holder,
    form_token: issueFormToken({ ...use, holder }, formMac, c.var.facts.now),
    headers: known === undefined ? { 'set-cookie': formCookie(holder) } : {},
  }
}

/** The browser that a form was shown to, when this is that form and came from there; else undefined. */
export function holderOfForm(
  c: HttpContext,
  form_token: string | undefined,
  use: Omit<FormUse, 'holder'>,
  { formMac }: Pick<AnonymousFormPorts, 'formMac'>,
): string | undefined {
  const holder = readFormCookie(c.req.header('cookie'))
  if (holder === undefined) return undefined
  return verifyFormToken(form_token, { ...use, holder }, formMac, c.var.facts.now) ? holder : undefined
}
