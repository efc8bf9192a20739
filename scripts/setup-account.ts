import * as z from 'zod'

import { fail, ok, type Result } from '../src/platform/result.ts'
import { randomSecret, type Random } from '../src/platform/random.ts'
import { Secret } from '../src/platform/secret.ts'
import { secretName, type SetupCommands } from './setup-commands.ts'
import type { SetupTarget, TargetFailure } from './setup-target.ts'
import { commandLine, type Wrangler } from './setup-wrangler.ts'

/** Of the list that `d1 list` and `secret list` print. */
const namesShape = z.array(z.object({ name: z.string() }))

/** How wrangler says that there is no Worker yet, and so none of its secrets. Anything else is a failure to look. */
const workerMissing = /Worker "[^"]*" not found/

/** The account that wrangler is logged in to. */
export function accountTarget(
  wrangler: Wrangler,
  commands: SetupCommands,
  databaseName: string,
  random: Random,
): SetupTarget {
  return {
    async ensureDatabase() {
      const present = await names(wrangler, commands.listDatabases)
      if (!present.ok) return present
      if (present.value.includes(databaseName)) return ok(`${databaseName} is there already`)
      const created = await wrangler(commands.createDatabase(databaseName))
      return created.ok ? ok(`${databaseName} created`) : created
    },

    /** A secret that was replaced would leave every signing key unreadable and every API key invalid. */
    async ensureSecret() {
      const present = await names(wrangler, commands.listSecrets)
      const isFirst =
        !present.ok &&
        present.failure.reason === 'wrangler_failed' &&
        workerMissing.test(present.failure.output)
      if (!present.ok && !isFirst) return present
      if (present.ok && present.value.includes(secretName)) return ok(undefined)
      const secret = new Secret(randomSecret(random))
      const put = await wrangler(commands.putSecret, secret)
      return put.ok ? ok(secret) : put
    },

    release: async () => undefined,
  }
}

async function names(
  wrangler: Wrangler,
  args: readonly string[],
): Promise<Result<readonly string[], TargetFailure>> {
  const printed = await wrangler(args)
  if (!printed.ok) return printed
  const parsed = namesShape.safeParse(parseJson(printed.value))
  if (parsed.success) return ok(parsed.data.map(({ name }) => name))
  return fail({ reason: 'answer_unreadable', command: commandLine(args), output: printed.value })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
