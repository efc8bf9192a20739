import { assert } from '../../src/platform/assert.ts'
import { bundle, gatewaySource } from '../../scripts/bundle.ts'

/** Builds the Worker once before the files of a project, which would else all build it at the same time. */
export default async function build(): Promise<void> {
  const built = await bundle(gatewaySource)
  if (!built.ok) assert(false, `the Worker builds, got ${built.failure.output}`)
}
