import { readFile, writeFile } from 'node:fs/promises'

import * as z from 'zod'

import { fail, ok, type Result } from '../src/platform/result.ts'
import { databaseBinding } from './setup-commands.ts'

export type ConfigFailure =
  | { readonly reason: 'config_unusable'; readonly path: string; readonly cause: string }
  | { readonly reason: 'issuer_line_missing'; readonly path: string }
  | { readonly reason: 'database_unnamed'; readonly path: string }

const configShape = z.object({
  d1_databases: z.array(z.object({ binding: z.string(), database_name: z.string().optional() })),
})

/** What setting up reads from a wrangler.toml, and how it writes the issuer there. */
export interface SetupConfig {
  /** Wrangler finds the Worker's database by this name, here and when it deploys. */
  readonly databaseName: string
  /** Writes one line, so that whatever else an operator wrote there stays, and only when it says something else. */
  readonly writeIssuer: () => Promise<Result<'written' | 'there', ConfigFailure>>
}

/** Looks whether a wrangler.toml is fit to be set up, before anything is made that is named in it. */
export async function readConfig(path: string, issuer: string): Promise<Result<SetupConfig, ConfigFailure>> {
  try {
    const text = await readFile(path, 'utf8')
    const { unstable_readConfig } = await import('wrangler')
    const { d1_databases } = configShape.parse(unstable_readConfig({ config: path }, { hideWarnings: true }))
    const databaseName = d1_databases.find(({ binding }) => binding === databaseBinding)?.database_name
    if (databaseName === undefined) return fail({ reason: 'database_unnamed', path })
    const changed = withIssuer(text, issuer)
    if (changed === undefined) return fail({ reason: 'issuer_line_missing', path })
    return ok({
      databaseName,
      writeIssuer: async () => (changed === text ? ok('there') : write(path, changed)),
    })
  } catch (error) {
    return unusable(path, error)
  }
}

async function write(path: string, text: string): Promise<Result<'written', ConfigFailure>> {
  try {
    await writeFile(path, text)
    return ok('written')
  } catch (error) {
    return unusable(path, error)
  }
}

function unusable(path: string, error: unknown): Result<never, ConfigFailure> {
  return fail({
    reason: 'config_unusable',
    path,
    cause: error instanceof Error ? error.message : String(error),
  })
}

/** The text with another value on the line `ISSUER = …` of its table `[vars]`, or nothing when it has no such line. */
function withIssuer(text: string, issuer: string): string | undefined {
  const lines = text.split('\n')
  const place = lines.findIndex(
    (line, index) => /^\s*ISSUER\s*=/.test(line) && tableAt(lines, index) === 'vars',
  )
  if (place < 0) return undefined
  // A JSON string is a basic string of TOML too.
  const line = `ISSUER = ${JSON.stringify(issuer)}`
  return lines.with(place, lines[place]?.endsWith('\r') ? `${line}\r` : line).join('\n')
}

/** The table that a line lies in. */
function tableAt(lines: readonly string[], index: number): string | undefined {
  const heading = lines.slice(0, index).findLast((line) => /^\s*\[/.test(line))
  return /^\s*\[\s*([\w.-]+)\s*\]/.exec(heading ?? '')?.[1]
}
