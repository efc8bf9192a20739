import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { assert } from '../src/platform/assert.ts'
import type { Random } from '../src/platform/random.ts'
import { ok, type Result } from '../src/platform/result.ts'
import type { Secret } from '../src/platform/secret.ts'
import { readSettings } from '../src/settings.ts'
import { secretName, type SetupCommands } from './setup-commands.ts'
import { makeKeys, makeOperator, presentQuery, readPresent, toSql, type Operator } from './setup-rows.ts'
import type { Wrangler, WranglerFailure } from './setup-wrangler.ts'

export interface FillPorts {
  readonly wrangler: Wrangler
  readonly commands: SetupCommands
  readonly random: Random
}

/** The keys that the database has now, and who may manage. */
export interface Filled {
  readonly keysPresent: number
  readonly keysMade: number
  readonly operatorsPresent: readonly string[]
  /** Only of the run that made it; its secret is stored as a digest. */
  readonly operator: Operator | undefined
}

const ownerOnly = 0o600

/**
 * Puts signing keys and the first operator into a database with its schema, when they are not there.
 *
 * Keys can only be sealed under a secret that is known, so without one they are left to the schedule of the Worker.
 */
export async function fillDatabase(
  { wrangler, commands, random }: FillPorts,
  sealing: { readonly issuer: string; readonly secret: Secret | undefined },
  nowMs: number,
): Promise<Result<Filled, WranglerFailure>> {
  const printed = await wrangler(commands.query(presentQuery))
  if (!printed.ok) return printed
  const { keys, operators } = readPresent(printed.value)
  const sealKey = sealing.secret && sealKeyOf(sealing.issuer, sealing.secret)
  const made = sealKey === undefined ? [] : await makeKeys(keys, sealKey, random, nowMs)
  const operator = operators.length > 0 ? undefined : makeOperator(random, nowMs)
  const sql = toSql(made, operator === undefined ? [] : [operator.client])
  const inserted = sql === '' ? ok('') : await execute(wrangler, commands, sql)
  if (!inserted.ok) return inserted
  return ok({ keysPresent: keys.length, keysMade: made.length, operatorsPresent: operators, operator })
}

function sealKeyOf(issuer: string, secret: Secret): Uint8Array {
  const settings = readSettings({ ISSUER: issuer, [secretName]: secret.reveal() })
  assert(settings.ok, 'a secret of our own making is a valid one')
  return settings.value.keys.signingKeySeal
}

/** By a file and not on the command line, which everybody on the machine can read, and which has an end. */
async function execute(
  wrangler: Wrangler,
  commands: SetupCommands,
  sql: string,
): Promise<Result<string, WranglerFailure>> {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-setup-'))
  try {
    const path = join(folder, 'rows.sql')
    await writeFile(path, sql, { mode: ownerOnly })
    return await wrangler(commands.executeFile(path))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
