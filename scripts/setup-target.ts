import type { Result } from '../src/platform/result.ts'
import type { Secret } from '../src/platform/secret.ts'
import type { WranglerFailure } from './setup-wrangler.ts'
import type { StateFailure } from './state-folder.ts'

export type TargetFailure =
  | WranglerFailure
  | StateFailure
  | { readonly reason: 'answer_unreadable'; readonly command: string; readonly output: string }

/** What setting up an account and setting up a local directory do differently; the rest is one flag of wrangler's. */
export interface SetupTarget {
  /** Makes the database when there is none, and says what it found. */
  readonly ensureDatabase: () => Promise<Result<string, TargetFailure>>
  /** Makes the root secret when there is none, and answers it only then: one that is there can no longer be read. */
  readonly ensureSecret: () => Promise<Result<Secret | undefined, TargetFailure>>
  readonly release: () => Promise<void>
}
