import { bundle, gatewaySource } from '../../scripts/bundle.ts'
import { spaSource } from '../../scripts/spa.ts'
import { upstreamSource } from '../../scripts/upstream.ts'
import { assert } from '../../src/platform/assert.ts'

/** Builds each Worker once before the files of a project, which would else all build them at the same time. */
export default async function build(): Promise<void> {
  for (const source of [gatewaySource, upstreamSource, spaSource]) {
    const built = await bundle(source)
    if (!built.ok) assert(false, `${source.config} builds, got ${built.failure.output}`)
  }
}
