import { assert } from '../src/platform/assert.ts'

const everyMinutes = /^(?:\*|\*\/(\d{1,2})) \* \* \* \*$/

// How often a cron of wrangler.toml comes. Local running knows `* * * * *` and `*/N * * * *`.
export function cronPeriodMs(cron: string): number {
  const match = everyMinutes.exec(cron)
  assert(match !== null, `cron of the form "*/N * * * *", got "${cron}"`)
  return Number(match[1] ?? 1) * 60_000
}
