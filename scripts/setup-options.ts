import { parseArgs } from 'node:util'

import { fail, ok, type Result } from '../src/platform/result.ts'

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
    state === undefined ? { kind: 'account' as const } : { kind: 'directory' as const, stateDir: state }
  return ok({ issuer, config, place, isDryRun: parsed.value['dry-run'] })
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        issuer: { type: 'string' },
        config: { type: 'string', default: 'wrangler.toml' },
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
