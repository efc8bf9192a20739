import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, beforeEach } from 'vitest'

/** Every test begins with an empty schema and with objects that were never called. */
beforeEach(async () => {
  await reset()
  await applyD1Migrations(env.DB, env.MIGRATIONS)
})

/** A file resets only what it has used itself, so the last test's data has to go before the next file begins. */
afterAll(async () => {
  await reset()
})
