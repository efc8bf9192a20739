import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'

import { conformanceReference } from './conformance-reference.ts'
import { environmentTypes } from './environment-types.ts'
import {
  configurationReference,
  operationReference,
  readmeWithConfiguration,
  refusalReference,
} from './reference.ts'
import { root } from './root.ts'

/** A file that is made from others. It is committed, so that a change to it is seen where it is reviewed. */
export interface GeneratedFile {
  readonly path: string
  readonly generate: () => Promise<string>
}

/** Everything generated. `npm run check` refuses what is not current; `npm run generate` writes it. */
export const generatedFiles: readonly GeneratedFile[] = [
  { path: 'src/env.d.ts', generate: environmentTypes },
  { path: 'README.md', generate: readmeWithConfiguration },
  { path: 'docs/reference/configuration.md', generate: configurationReference },
  { path: 'docs/reference/conformance.md', generate: conformanceReference },
  { path: 'docs/reference/error-codes.md', generate: refusalReference },
  { path: 'docs/reference/operations.md', generate: operationReference },
]

/** Answers the paths of the files that are not what they would be if they were generated now. */
export async function staleFiles(): Promise<readonly string[]> {
  const paths = await Promise.all(
    generatedFiles.map(async ({ path, generate }) =>
      (await current(path)) === (await generate()) ? [] : [path],
    ),
  )
  return paths.flat()
}

async function current(path: string): Promise<string> {
  return readFile(join(root, path), 'utf8').catch(() => '')
}

async function write(): Promise<void> {
  for (const { path, generate } of generatedFiles) {
    await writeFile(join(root, path), await generate())
    console.log(`wrote ${path}`)
  }
}

if (process.argv[1] === import.meta.filename) await write()
