import { parseArgs } from 'node:util'

import { fail, ok, type Result } from '../src/platform/result.ts'

export interface StartOptions {
  readonly port: number
  readonly stateDir: string
  readonly fresh: boolean
}

export interface OptionFailure {
  readonly reason: 'option_invalid'
  readonly sentence: string
}

const portMax = 65_535
const usage = 'Usage: npm start -- --port N --state DIR --fresh'

/** Reads the options of `npm start`. What it does not know it refuses: a misspelt `--fresh` must not be ignored. */
export function readStartOptions(args: readonly string[]): Result<StartOptions, OptionFailure> {
  const parsed = parse(args)
  if (!parsed.ok) return parsed
  const { port, state, fresh } = parsed.value
  const isPort = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= portMax
  if (!isPort)
    return fail({
      reason: 'option_invalid',
      sentence: `--port takes a number from 1 to ${portMax}. ${usage}`,
    })
  if (state === '') return fail({ reason: 'option_invalid', sentence: `--state takes a directory. ${usage}` })
  return ok({ port: Number(port), stateDir: state, fresh })
}

function parse(
  args: readonly string[],
): Result<{ port: string; state: string; fresh: boolean }, OptionFailure> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '8787' },
        state: { type: 'string', default: '.gatewright' },
        fresh: { type: 'boolean', default: false },
      },
    })
    return ok(values)
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split('. ')
    return fail({ reason: 'option_invalid', sentence: `${sentence}. ${usage}` })
  }
}
