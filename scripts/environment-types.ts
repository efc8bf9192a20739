import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'

import { root } from './root.ts'

const run = promisify(execFile)

/**
 * The types of the bindings in wrangler.toml.
 *
 * They are written outside `src/`, where a draft would be type-checked and bundled by whoever does so meanwhile; the
 * paths that depend on the folder are put right afterwards.
 */
export async function environmentTypes(): Promise<string> {
  await mkdir(join(root, 'dist'), { recursive: true })
  const folder = await mkdtemp(join(root, 'dist', 'types-'))
  const path = join(folder, 'env.d.ts')
  const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js')
  const options = ['types', '--include-runtime=false', '--strict-vars=false', path]
  await run(process.execPath, [wrangler, ...options], {
    cwd: root,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', NO_COLOR: '1' },
  })
  const text = await readFile(path, 'utf8')
  await rm(folder, { recursive: true })
  const fixed = text.replaceAll(path, 'src/env.d.ts').replaceAll('../../src/worker', './worker')
  // The digest is taken over the path of the draft too, and so says nothing.
  return fixed.replace(/ \(hash: [0-9a-f]+\)/, '')
}
