import { verifiedTokensMax } from '../platform/bounds.ts'
import { Lru } from '../platform/lru.ts'
import type { AccessTokenClaims } from './access-token.ts'

/** What the signature of one token has proven, and which key proved it. */
export interface VerifiedToken {
  readonly kid: string
  readonly claims: AccessTokenClaims
}

/**
 * Tokens whose signature this isolate has checked, by digest of the whole token.
 *
 * A token is admitted on its second sight: most tokens of a one-off job never return, and keeping those costs
 * more than it saves. The token itself is not kept, so a dump of the memory shows no credentials.
 */
export class VerifiedTokens {
  readonly #seen = new Lru<true>(verifiedTokensMax)
  readonly #verified = new Lru<VerifiedToken>(verifiedTokensMax)

  find(digest: string): VerifiedToken | undefined {
    return this.#verified.get(digest)
  }

  admit(digest: string, token: VerifiedToken): void {
    if (this.#seen.get(digest) === undefined) {
      this.#seen.set(digest, true)
    } else {
      this.#verified.set(digest, token)
    }
  }
}
