import type { HttpContext } from '../../http/context.ts'
import { documentPage } from '../../http/document.page.tsx'
import { formTarget } from '../../http/form-target.ts'
import { localeOf } from '../../http/locale.ts'
import { pagePolicy } from '../../http/security-headers.ts'
import { sha256Bytes } from '../../platform/digest.ts'
import { utf8 } from '../../platform/encoding.ts'
import { formPostWords } from './form-post.words.ts'

/** The only script that runs on a page of ours, and the policy names its very text. */
const SEND = 'document.forms[0].submit()'
const SCRIPT_SOURCE = `'sha256-${sha256Bytes(utf8(SEND)).toString('base64')}'`

/**
 * Sends a response to the client in the body of a form, by itself where scripts run and by a button elsewhere.
 *
 * Values of the client's stand in attributes and are escaped. Should that ever fail, a script among them still does not
 * run: the policy admits the one script by its digest, and the form leads to the verified redirect URI only.
 *
 * @see OAuth 2.0 Form Post Response Mode §2, §4
 */
export function formPostPage(
  c: HttpContext,
  redirect_uri: string,
  parameters: Readonly<Record<string, string | undefined>>,
): Response {
  const locale = localeOf(c)
  const words = formPostWords[locale]
  const page = documentPage(
    { locale, status: 200, title: words.title },
    <>
      <h1>{words.title}</h1>
      <p>{words.explanation}</p>
      <form method="post" action={redirect_uri}>
        {Object.entries(parameters).map(
          ([name, value]) => value !== undefined && <input type="hidden" name={name} value={value} />,
        )}
        <button type="submit">{words.onward}</button>
      </form>
      <script dangerouslySetInnerHTML={{ __html: SEND }} />
    </>,
  )
  const policy = `${pagePolicy(formTarget(redirect_uri))}; script-src ${SCRIPT_SOURCE}`
  page.headers.set('content-security-policy', policy)
  return page
}
