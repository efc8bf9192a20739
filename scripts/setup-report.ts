import { relative } from 'node:path'

import { secretName, type SetupCommands } from './setup-commands.ts'
import type { ConfigFailure } from './setup-config.ts'
import type { Filled } from './setup-database.ts'
import { servedFrom } from './setup-directory.ts'
import { defaultConfig, type SetupOptionFailure, type SetupOptions } from './setup-options.ts'
import { presentQuery, type Operator } from './setup-rows.ts'
import type { TargetFailure } from './setup-target.ts'
import { commandLine } from './setup-wrangler.ts'

export type SetupFailure = SetupOptionFailure | ConfigFailure | TargetFailure

/** Every command of a first run, for somebody who wants to see them, or to give them by hand. */
export function dryRun(options: SetupOptions, commands: SetupCommands, databaseName: string): string {
  const isAccount = options.place.kind === 'account'
  const database = [
    commandLine(commands.listDatabases),
    `${commandLine(commands.createDatabase(databaseName))}   # unless it is listed`,
  ]
  const secret = [
    commandLine(commands.listSecrets),
    `${commandLine(commands.putSecret)}   # unless it is listed; 32 random bytes in base64url, by standard input`,
  ]
  const lines = [
    ...(isAccount ? database : []),
    `# in [vars] of ${options.config}: ISSUER = "${options.issuer}"`,
    ...(isAccount ? secret : []),
    commandLine(commands.applyMigrations),
    commandLine(commands.query(presentQuery)),
    `${commandLine(commands.executeFile('ROWS.sql'))}   # the signing keys and the operator that are missing`,
  ]
  return `Nothing was run and nothing was written. A first run does this:\n\n${lines.join('\n')}`
}

export function keyWords({ keysMade, keysPresent }: Filled): string {
  if (keysMade > 0) return `${keysMade} made`
  if (keysPresent > 0) return `${keysPresent} are there already`
  return `none yet: the deployed Worker makes them within five minutes, since ${secretName} cannot be read back`
}

/** What to do next, led by the one thing that is shown this once. */
export function farewell(options: SetupOptions, operator: Operator | undefined): string {
  return [...(operator === undefined ? [] : [credentials(operator)]), nextSteps(options)].join('\n\n')
}

function credentials({ client, secret }: Operator): string {
  return `The first operator. Its secret is shown this once; keep it where you keep passwords.

  client_id      ${client.client_id}
  client_secret  ${secret.reveal()}`
}

function nextSteps({ issuer, place, config }: SetupOptions): string {
  if (place.kind === 'directory') {
    const folder = relative(process.cwd(), servedFrom(place.stateDir)) || '.'
    return `This state lies in ${folder}. npm start -- --state ${folder} serves it, with the demo added and its own address as issuer.`
  }
  const { host } = new URL(issuer)
  const deploy = config === defaultConfig ? 'npx wrangler deploy' : `npx wrangler deploy --config ${config}`
  return `Next:

  ${deploy}
  curl -s ${issuer}/healthz

${host} has to lead to the Worker: docs/how-to/deploy.md says how.`
}

export function sentence(failure: SetupFailure): string {
  switch (failure.reason) {
    case 'option_invalid':
      return failure.sentence
    case 'config_unusable':
      return `${failure.path} cannot be used: ${failure.cause}.`
    case 'issuer_line_missing':
      return `${failure.path} has no line ISSUER in [vars]; add ISSUER = "" there.`
    case 'database_unnamed':
      return `${failure.path} names no database: add database_name to the [[d1_databases]] whose binding is DB.`
    case 'state_held':
      return `${failure.path} is in use by process ${failure.pid}; stop that one, or give another directory with --state.`
    case 'state_unwritable':
      return `${failure.path} cannot be used as state directory: ${failure.cause}.`
    case 'wrangler_failed':
      return `This command failed:\n\n  ${failure.command}\n\n${failure.output}\n\nWhat was done before it stays; run the setup again once this is mended.`
    case 'answer_unreadable':
      return `This command answered what cannot be read, so nothing more was done:\n\n  ${failure.command}\n\n${failure.output}`
  }
}
