import { passwordCharactersMin } from '../platform/bounds.ts'
import type { Secret } from '../platform/secret.ts'
import { canonicalEmail } from './account.ts'
import { isCommonPassword } from './common-passwords.ts'

/** Why a password is not taken when somebody chooses it. Those that stand are never judged again. */
export type PasswordFault = 'too_short' | 'too_common' | 'like_the_address'

/**
 * Judges a password that somebody wants from now on, by what makes it easy to guess and by nothing else.
 *
 * Rules about capitals, digits and signs are left out on purpose: people meet them in ways that guessers know
 * (NIST SP 800-63B §3.1.1.2).
 */
export function faultOfPassword(password: Secret, email: string): PasswordFault | undefined {
  const text = password.reveal()
  if (Array.from(text).length < passwordCharactersMin) return 'too_short'
  if (isCommonPassword(text)) return 'too_common'
  const address = canonicalEmail(email)
  const [mailbox] = address.split('@')
  const folded = canonicalEmail(text)
  return folded === address || folded === mailbox ? 'like_the_address' : undefined
}
