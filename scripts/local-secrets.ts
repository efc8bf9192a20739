import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import * as z from 'zod'

const ownerOnly = 0o600
const rootSecretBytes = 32
const shape = z.record(z.string(), z.string())

/** Secrets of a local state directory, made once. Losing them loses the signing keys that are encrypted under them. */
export async function localSecrets(stateDir: string): Promise<Readonly<Record<string, string>>> {
  const path = join(stateDir, 'secrets.json')
  if (!existsSync(path)) {
    await mkdir(stateDir, { recursive: true })
    const secrets = { GATEWRIGHT_SECRET: randomBytes(rootSecretBytes).toString('base64url') }
    await writeFile(path, `${JSON.stringify(secrets, null, 2)}\n`, { mode: ownerOnly, flag: 'wx' })
  }
  return shape.parse(JSON.parse(await readFile(path, 'utf8')))
}
