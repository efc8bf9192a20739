import { base64url, fromBase64url } from '../src/platform/encoding.ts'
import { deriveKey } from '../src/platform/digest.ts'
import { assert } from '../src/platform/assert.ts'
import type { Random } from '../src/platform/random.ts'
import { Secret } from '../src/platform/secret.ts'

/**
 * Credentials of the demo, derived from the local root secret.
 *
 * So each state directory has its own, every start finds the same, and none has to be kept in clear anywhere but
 * in `demo.json`.
 */
export interface DemoCredentials {
  secret(name: string): Secret
  /** Bytes for what is minted, the same in every start. */
  random(name: string): Random
}

export function demoCredentials(rootSecret: string): DemoCredentials {
  const root = fromBase64url(rootSecret)
  assert(root !== undefined, 'the local root secret is base64url')
  return {
    secret: (name) => new Secret(base64url(deriveKey(root, `gatewright demo ${name}`))),
    random(name) {
      let calls = 0
      return (byteCount) => {
        calls += 1
        const bytes = deriveKey(root, `gatewright demo ${name} ${calls}`)
        assert(byteCount <= bytes.byteLength, `at most ${bytes.byteLength} bytes at once, got ${byteCount}`)
        return bytes.subarray(0, byteCount)
      }
    },
  }
}
