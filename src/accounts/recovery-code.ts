import { base32 } from '../platform/base32.ts'
import { sha256 } from '../platform/digest.ts'
import { recoveryCodeBytes, recoveryCodesCount } from '../platform/factor-bounds.ts'
import type { Random } from '../platform/random.ts'
import { Secret } from '../platform/secret.ts'

const CODE = /^[a-z2-7]{16}$/

/** New recovery codes, as they are shown once: sixteen letters and digits in groups of four. */
export function makeRecoveryCodes(random: Random): readonly Secret[] {
  return Array.from({ length: recoveryCodesCount }, () => {
    const groups = base32(random(recoveryCodeBytes)).match(/.{4}/g) ?? []
    return new Secret(groups.join('-'))
  })
}

/**
 * The digest by which a typed code is looked up, or undefined for what is no recovery code at all.
 *
 * The account is in the digest: a code of one account can never be found as another's. Capitals, spaces and missing
 * hyphens are the person's to choose.
 */
export function recoveryCodeDigest(account_id: string, typed: string): string | undefined {
  const code = typed.toLowerCase().replaceAll(/[\s-]/g, '')
  return CODE.test(code) ? sha256(JSON.stringify(['recovery', account_id, code])) : undefined
}
