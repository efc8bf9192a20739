import { subjectLookup } from './apikeys/subject-lookup.store.ts'
import { openDb } from './db/client.ts'
import { healthWithoutSettings } from './health.ts'
import { newRequestId } from './http/context.ts'
import { LimiterShell } from './limits/limiter.object.ts'
import { systemClock } from './platform/clock.ts'
import { log } from './platform/log.ts'
import { systemRandom } from './platform/random.ts'
import { readSettings, type SettingsFailure } from './settings.ts'
import { createGatewright, type Gatewright } from './wiring/gatewright.ts'

export { GrantsObject } from './grants/grants.object.ts'
export { OneTimeObject } from './grants/one-time.object.ts'

export class LimiterObject extends LimiterShell {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, subjectLookup(openDb(env.DB)))
  }
}

/** One program for each environment that this isolate was given, which is one. */
const programs = new WeakMap<Env, Gatewright>()

export default {
  async fetch(request, env, context) {
    const program = programOf(env)
    return 'missing' in program ? answerUnready(program.missing) : program.app.fetch(request, {}, context)
  },

  async scheduled(_controller, env) {
    const program = programOf(env)
    if ('missing' in program) return log('error', 'settings_invalid', namesOf(program.missing))
    return program.runSchedule(systemClock())
  },
} satisfies ExportedHandler<Env>

function programOf(env: Env): Gatewright | { readonly missing: SettingsFailure } {
  const known = programs.get(env)
  if (known !== undefined) return known
  const settings = readSettings(env)
  if (!settings.ok) return { missing: settings.failure }
  const program = createGatewright(settings.value, env)
  programs.set(env, program)
  return program
}

/** Nothing can be served without settings, so every path answers what `/healthz` would. */
function answerUnready(failure: SettingsFailure): Response {
  const request_id = newRequestId(systemRandom)
  log('error', 'settings_invalid', { request_id, ...namesOf(failure) })
  return Response.json(healthWithoutSettings(failure), {
    status: 503,
    headers: { 'cache-control': 'no-store', 'retry-after': '60', 'x-request-id': request_id },
  })
}

function namesOf(failure: SettingsFailure): { readonly names: string } {
  return { names: failure.faults.map(({ name }) => name).join(', ') }
}
