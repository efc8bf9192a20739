import { signedIn } from './cast.ts'
import type { Page } from './browser.ts'
import { SoftPasskey } from './soft-passkey.ts'

export const PASSKEY = '/account/security/passkey'

/** Alice with a passkey that she has just added, and the answer to that. */
export async function withPasskey() {
  const browser = await signedIn('alice')
  const passkey = await SoftPasskey.make()
  const page = await browser.open(PASSKEY)
  const added = await browser.submit(page, { credential: await passkey.create(page) })
  return { browser, passkey, added }
}

/** The recovery codes that a page shows. */
export function codesIn({ html }: Page): readonly string[] {
  return Array.from(html.matchAll(/<code>([a-z2-7-]{19})<\/code>/g), ([, code = '']) => code)
}
