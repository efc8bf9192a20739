import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import type { Bundle } from './bundle.ts'

export interface BundleSize {
  /** Everything that is uploaded but Cedar's WebAssembly, compressed as an upload is. */
  readonly gzipBytes: number
  readonly cedarGzipBytes: number
}

/** Sizes of what a deployment uploads. Cedar counts apart: it is one dependency that is as large as all the rest. */
export async function measureSize(bundle: Bundle): Promise<BundleSize> {
  const sizes = { gzipBytes: 0, cedarGzipBytes: 0 }
  for (const name of await readdir(bundle.folder)) {
    if (!/\.(?:js|wasm|cedar|cedarschema|txt|html|sql|bin)$/.test(name)) continue
    const { byteLength } = gzipSync(await readFile(join(bundle.folder, name)))
    if (name.endsWith('.wasm')) sizes.cedarGzipBytes += byteLength
    else sizes.gzipBytes += byteLength
  }
  return sizes
}
