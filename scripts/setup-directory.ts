import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { ok, type Result } from '../src/platform/result.ts'
import { Secret } from '../src/platform/secret.ts'
import { localSecrets } from './local-secrets.ts'
import { secretName } from './setup-commands.ts'
import type { SetupTarget } from './setup-target.ts'
import { holdState, type StateFailure } from './state-folder.ts'

/** Wrangler keeps the state of `--persist-to DIR` one folder below, and a server that is to serve it starts there. */
export function servedFrom(stateDir: string): string {
  return join(stateDir, 'v3')
}

/** A directory of this machine, held until it is released: wrangler beside a running server would be two on one state. */
export async function directoryTarget(stateDir: string): Promise<Result<SetupTarget, StateFailure>> {
  const folder = servedFrom(stateDir)
  const state = await holdState(folder, false)
  if (!state.ok) return state
  return ok({
    ensureDatabase: async () => ok('made by its first use'),
    ensureSecret: async () => {
      if (existsSync(join(folder, 'secrets.json'))) return ok(undefined)
      const { [secretName]: text = '' } = await localSecrets(folder)
      return ok(new Secret(text))
    },
    release: state.value.release,
  })
}
