import * as z from 'zod'

import { mailSubjectCharactersMax, mailTextCharactersMax } from '../platform/account-bounds.ts'
import { assert } from '../platform/assert.ts'
import { emailCharactersMax } from '../platform/bounds.ts'

/** One plain text for one person. There is no HTML: it would need escaping, and gives phishing something to imitate. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Hands a mail to whoever carries it. It may throw; `deliver` tries again and writes down that it failed. */
export type SendMail = (mail: Mail) => Promise<void>

/** ASCII without quotes, comments, lists or control characters: what is left is one mailbox and nothing else. */
const Address = z.email().max(emailCharactersMax)

const CONTROL = /\p{Cc}/u
const CONTROL_BUT_NEWLINE = /[^\P{Cc}\n]/u

/**
 * Whether a text is one e-mail address that we send to.
 *
 * An attacker who could put a line break or a comma here would add headers or recipients of their own, and send
 * their own words in our name.
 */
export function isMailAddress(text: string): boolean {
  return Address.safeParse(text).success
}

/** States what holds of every mail, before it leaves: all its parts are ours, and the address was parsed at the door. */
export function assertMail({ to, subject, text }: Mail): void {
  assert(isMailAddress(to), 'a mail goes to one address')
  assert(!CONTROL.test(subject), 'a subject is one line')
  assert(subject.length <= mailSubjectCharactersMax, `a short subject, got ${subject.length} characters`)
  assert(!CONTROL_BUT_NEWLINE.test(text), 'a text holds no control characters')
  assert(text.length <= mailTextCharactersMax, `a short text, got ${text.length} characters`)
}
