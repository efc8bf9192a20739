import { resolve } from 'node:path'
import process from 'node:process'

import { systemRandom } from '../src/platform/random.ts'
import { ok, type Result } from '../src/platform/result.ts'
import { root } from './root.ts'
import { accountTarget } from './setup-account.ts'
import { secretName, setupCommands, type SetupCommands } from './setup-commands.ts'
import { readConfig, type SetupConfig } from './setup-config.ts'
import { fillDatabase } from './setup-database.ts'
import { directoryTarget } from './setup-directory.ts'
import { readSetupOptions, type SetupOptions } from './setup-options.ts'
import { dryRun, farewell, keyWords, sentence, type SetupFailure } from './setup-report.ts'
import type { SetupTarget } from './setup-target.ts'
import { pinnedWrangler } from './setup-wrangler.ts'

/** `npm run setup`: from an account to what only has to be deployed. Run again, it adds what is missing and no more. */
async function setup(args: readonly string[]): Promise<Result<string, SetupFailure>> {
  const options = readSetupOptions(args)
  if (!options.ok) return options
  const { place, isDryRun, issuer } = options.value
  const config = await readConfig(resolve(root, options.value.config), issuer)
  if (!config.ok) return config
  const { databaseName } = config.value
  const commands = setupCommands(place, options.value.config)
  if (isDryRun) return ok(dryRun(options.value, commands, databaseName))
  const target =
    place.kind === 'directory'
      ? await directoryTarget(place.stateDir)
      : ok(accountTarget(pinnedWrangler, commands, databaseName, systemRandom))
  if (!target.ok) return target
  const done = await setUp(options.value, config.value, commands, target.value)
  await target.value.release()
  return done
}

/**
 * Makes what is missing, one after the other, and says of each what it found.
 *
 * The secret comes before the keys that are sealed under it: a run that is cut short then leaves no key that nobody can
 * open, and the schedule makes those that are missing.
 */
async function setUp(
  options: SetupOptions,
  config: SetupConfig,
  commands: SetupCommands,
  target: SetupTarget,
): Promise<Result<string, SetupFailure>> {
  const { issuer } = options
  const database = await target.ensureDatabase()
  if (!database.ok) return database
  say('database', database.value)
  const written = await config.writeIssuer()
  if (!written.ok) return written
  say(
    'issuer',
    `${issuer} ${written.value === 'there' ? 'is there already' : `written to ${options.config}`}`,
  )
  const secret = await target.ensureSecret()
  if (!secret.ok) return secret
  say(
    'secret',
    secret.value === undefined ? `${secretName} is there already and stays` : `${secretName} made`,
  )
  const migrated = await pinnedWrangler(commands.applyMigrations)
  if (!migrated.ok) return migrated
  say('migrations', migrated.value.includes('No migrations to apply') ? 'are there already' : 'applied')
  const ports = { wrangler: pinnedWrangler, commands, random: systemRandom }
  const filled = await fillDatabase(ports, { issuer, secret: secret.value }, Date.now())
  if (!filled.ok) return filled
  const { operator, operatorsPresent } = filled.value
  say('signing keys', keyWords(filled.value))
  say('operator', operator === undefined ? `${operatorsPresent.join(', ')} is there already` : 'made')
  return ok(farewell(options, operator))
}

function say(what: string, words: string): void {
  console.log(`${what.padEnd(14)}${words}`)
}

const done = await setup(process.argv.slice(2))
if (done.ok) console.log(`\n${done.value}`)
else {
  console.error(sentence(done.failure))
  process.exitCode = 1
}
