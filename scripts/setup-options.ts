import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { randomSecret, systemRandom } from '../src/platform/random.ts'
import { fail, ok, type Result } from '../src/platform/result.ts'
import { readSettings } from '../src/settings.ts'

/** Where a deployment is set up: in the account that wrangler is logged in to, or in a directory of this machine. */
export type SetupPlace =
  | { readonly kind: 'account' }
  | { readonly kind: 'directory'; readonly stateDir: string }

export interface SetupOptions {
  readonly issuer: string
  /** The wrangler.toml of the deployment; a second deployment, such as one for trials, has its own. */
  readonly config: string
  readonly place: SetupPlace
  /** Whether the commands are printed and not run. */
  readonly isDryRun: boolean
}

export interface SetupOptionFailure {
  readonly reason: 'option_invalid'
  readonly sentence: string
}

export const defaultConfig = 'wrangler.toml'

const usage =
  'Usage: npm run setup -- --issuer https://auth.example.com [--config FILE] [--dry-run] [--local --state DIR]'

/** Reads the options of `npm run setup`. What it does not know it refuses: it would otherwise set up something else. */
export function readSetupOptions(args: readonly string[]): Result<SetupOptions, SetupOptionFailure> {
  const parsed = parse(args)
  if (!parsed.ok) return parsed
  const { issuer, config, local, state } = parsed.value
  if (issuer === undefined) return refused('--issuer is missing.')
  if (config === '') return refused('--config takes a file.')
  if (local !== (state !== undefined)) return refused('--local and --state DIR go together.')
  if (state === '') return refused('--state takes a directory.')
  const place =
    state === undefined
      ? { kind: 'account' as const }
      : { kind: 'directory' as const, stateDir: resolve(state) }
  const fault = faultOf(issuer, place)
  if (fault !== undefined) return refused(`--issuer ${fault}.`)
  return ok({ issuer, config, place, isDryRun: parsed.value['dry-run'] })
}

/** By the Worker's own rules; and what an account serves is reached over the network, so never over http. */
function faultOf(issuer: string, place: SetupPlace): string | undefined {
  const settings = readSettings({ ISSUER: issuer, GATEWRIGHT_SECRET: randomSecret(systemRandom) })
  if (!settings.ok) return settings.failure.faults.map(({ message }) => message).join(', ')
  const isReachable = place.kind === 'directory' || issuer.startsWith('https:')
  return isReachable ? undefined : 'must be an https origin: http on loopback is for --local'
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        issuer: { type: 'string' },
        config: { type: 'string', default: defaultConfig },
        'dry-run': { type: 'boolean', default: false },
        local: { type: 'boolean', default: false },
        state: { type: 'string' },
      },
    })
    return ok(values)
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split('. ')
    return refused(`${sentence}.`)
  }
}

function refused(sentence: string): Result<never, SetupOptionFailure> {
  return fail({ reason: 'option_invalid', sentence: `${sentence} ${usage}` })
}
