import { join, relative, resolve } from 'node:path'
import process from 'node:process'

import type { DemoServer } from './demo-server.ts'
import { logFile } from './log-file.ts'
import type { ServerFailure } from './server.ts'
import { readStartOptions, type OptionFailure, type StartOptions } from './start-options.ts'

/** `npm start`: the gateway with its demo, until Ctrl-C. */
async function start(args: readonly string[]): Promise<void> {
  const startedMs = performance.now()
  const options = readStartOptions(args)
  if (!options.ok) return refuse(options.failure)
  endWithLauncher()
  const stateDir = resolve(options.value.stateDir)
  console.log('Gatewright: building and starting …')
  // Loaded now, so that a misspelt option is answered at once.
  const { startDemoServer } = await import('./demo-server.ts')
  const started = await startDemoServer({
    ...options.value,
    stateDir,
    vars: {},
    servesFiles: true,
    onLog: logFile(join(stateDir, 'gatewright.log')),
  })
  if (!started.ok) return refuse(started.failure)
  closeOnSignal(started.value)
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  console.log(greeting(started.value, options.value, seconds))
}

/** The launcher's channel closes when it is killed outright; then nobody is left who could send a signal. */
function endWithLauncher(): void {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel?.unref()
}

function closeOnSignal(server: DemoServer): void {
  let closing = false
  const close = async () => {
    if (closing) return
    closing = true
    await server.close()
    console.log('stopped')
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // Miniflare's own listeners exit at once, before the second runtime has ended and the state is released.
    process.removeAllListeners(signal)
    process.on(signal, close)
  }
}

function greeting(
  { demo, url, spaOrigin, migrationsApplied }: DemoServer,
  { stateDir }: StartOptions,
  seconds: string,
): string {
  const { service, resource_server, user } = demo
  const folder = relative(process.cwd(), resolve(stateDir)) || '.'
  return `ready on ${url} after ${seconds} s (${migrationsApplied} migrations applied, state in ${folder})

Sign in at ${spaOrigin} as ${user.email} with the password ${user.password}
Or make an account of your own at ${url}/sign-up; its mail arrives at ${url}/mailbox
Read all that can be called at ${url}/openapi.json

Or copy one of these; every credential is in ${join(folder, 'demo.json')}:

  curl -s ${url}/oauth/token -u '${service.client_id}:${service.client_secret}' \\
    -d grant_type=client_credentials -d 'scope=${service.scope}'

  curl -s ${url}${demo.routes.users}/123 -H 'X-API-Key: ${demo.api_key}'

  curl -s ${url}/oauth/introspect -u '${resource_server.client_id}:${resource_server.client_secret}' \\
    -d token=PASTE_THE_ACCESS_TOKEN

Why a request was refused stands in ${join(folder, 'gatewright.log')}, under its X-Request-Id. Ctrl-C stops everything.`
}

function refuse(failure: ServerFailure | OptionFailure): void {
  console.error(sentence(failure))
  process.exitCode = 1
}

function sentence(failure: ServerFailure | OptionFailure): string {
  switch (failure.reason) {
    case 'option_invalid':
      return failure.sentence
    case 'state_held':
      return `${failure.path} is in use by process ${failure.pid}; stop that one, or give another directory with --state.`
    case 'state_unwritable':
      return `${failure.path} cannot be used as state directory: ${failure.cause}.`
    case 'port_unusable':
      return `Port ${failure.port} cannot be used (${failure.cause}); give another with --port.`
    case 'bundle_failed':
      return `The Worker could not be built:\n${failure.output}`
    case 'migration_failed':
      return `Migration ${failure.name} could not be applied: ${failure.cause}.`
  }
}

await start(process.argv.slice(2))
