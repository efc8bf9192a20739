import { describe, expect, test } from 'vitest'

import { canonicalEmail } from '../../../src/accounts/account.ts'

describe('an e-mail address', () => {
  test('is the same in any case and with spaces around it', () => {
    expect(canonicalEmail(' Alice@Example.COM ')).toBe('alice@example.com')
  })

  /** U+212A folds to `k` under Unicode rules: whoever had such an address would be somebody else. */
  test('is another one when a letter only looks the same', () => {
    expect(canonicalEmail('mi\u212Ae@example.com')).not.toBe('mike@example.com')
  })
})
