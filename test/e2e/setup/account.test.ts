import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'

import { assert } from '../../../src/platform/assert.ts'
import { readSettings } from '../../../src/settings.ts'
import { openSigningKey, signingAlgs } from '../../../src/signing/signing-key.ts'
import { openAccount, type Account } from '../../support/setup/cloudflare.ts'
import { openWorkplace, printed, runSetup, type SetupRun, type Workplace } from '../../support/setup/setup.ts'

/** Each command of wrangler takes seconds to start, and a run gives several. */
const setupTimeoutMs = 240_000
const issuer = 'https://auth.example.com'

let account: Account
let workplace: Workplace
let first: SetupRun
let changesOfFirst: readonly string[]

/** The same wrangler as ever, talking to an account on loopback. */
beforeAll(async () => {
  account = await openAccount()
  workplace = await openWorkplace()
  first = await setUp()
  changesOfFirst = [...account.changes]
}, setupTimeoutMs)

afterAll(async () => {
  await account.close()
  await workplace.remove()
})

describe('npm run setup, on an account without a Worker', () => {
  test('makes the database, the Worker’s secret, the schema and the rows, in this order', () => {
    expect(first).toMatchObject({ code: 0, errors: '' })
    expect(withoutRepeats(changesOfFirst)).toEqual([
      'POST /d1/database',
      'PUT /workers/scripts/gatewright/secrets',
      'PUT /workers/scripts/gatewright',
      'PUT /workers/scripts/gatewright/secrets',
      'POST /d1/database/gatewright/query',
      'POST /d1/database/gatewright/import',
    ])
  })

  test('puts a valid root secret, and prints it nowhere', () => {
    expect(readSettings({ ISSUER: issuer, GATEWRIGHT_SECRET: secret() }).ok).toBe(true)
    expect(first.output).not.toContain(secret())
  })

  test('makes keys that the Worker can open with that secret, and nobody with another', async () => {
    const keys = signingKeys()
    expect(keys.map(({ alg }) => alg).toSorted()).toEqual(signingAlgs.toSorted().flatMap((alg) => [alg, alg]))
    expect(await Promise.all(keys.map((key) => opens(key, secret())))).not.toContain(false)
    expect(await Promise.all(keys.map((key) => opens(key, 'A'.repeat(43))))).not.toContain(true)
  })

  test('makes an operator, of whose secret only the digest is stored', () => {
    const clients = account.databases.get('gatewright')?.prepare('SELECT * FROM clients').all() ?? []
    expect(clients).toMatchObject([{ client_id: 'first_operator', first_party: 0, plan: null }])
    expect(printed(first, 'client_secret')).toMatch(/^[\w-]{43}$/)
    expect(JSON.stringify(clients)).not.toContain(printed(first, 'client_secret'))
  })

  test(
    'run again, changes nothing',
    async () => {
      const before = { secret: secret(), keys: signingKeys(), config: await workplace.configText() }
      const second = await setUp()
      expect(second).toMatchObject({ code: 0, errors: '' })
      expect(second.output).not.toContain('client_secret')
      expect(account.changes).toEqual(changesOfFirst)
      expect({ secret: secret(), keys: signingKeys(), config: await workplace.configText() }).toEqual(before)
    },
    setupTimeoutMs,
  )
})

describe('npm run setup, on an account that answers with errors', () => {
  /** A secret that cannot be seen may be there, and replacing it would leave every signing key unreadable. */
  test(
    'puts no secret when it cannot see whether there is one',
    async () => {
      const broken = await openAccount()
      broken.breakDown(/\/secrets$/)
      const run = await setUp(broken)
      await broken.close()
      expect(run.code).toBe(1)
      expect(run.errors).toContain('npx wrangler secret list')
      expect(broken.changes).toEqual(['POST /d1/database'])
    },
    setupTimeoutMs,
  )

  test(
    'writes nothing to wrangler.toml when the account cannot be used at all',
    async () => {
      const broken = await openAccount()
      broken.breakDown(/./)
      const before = await workplace.configText()
      const run = await setUp(broken, 'https://other.example.com')
      await broken.close()
      expect(run.code).toBe(1)
      expect(run.errors).toContain('npx wrangler d1 list')
      expect(await workplace.configText()).toBe(before)
    },
    setupTimeoutMs,
  )
})

async function setUp(on: Account = account, to: string = issuer): Promise<SetupRun> {
  return runSetup(['--issuer', to, '--config', workplace.config], on.environment)
}

/** The root secret as the account holds it; the Worker alone is ever shown it. */
function secret(): string {
  return account.workers.get('gatewright')?.get('GATEWRIGHT_SECRET') ?? ''
}

const keyShape = z.object({
  kid: z.string(),
  alg: z.enum(signingAlgs),
  generation: z.number(),
  private_jwk_sealed: z.string(),
  created_at: z.number(),
  activates_at: z.number(),
})

function signingKeys() {
  const rows = account.databases.get('gatewright')?.prepare('SELECT * FROM signing_keys').all()
  return z.array(keyShape).parse(rows)
}

async function opens(key: z.infer<typeof keyShape>, rootSecret: string): Promise<boolean> {
  const settings = readSettings({ ISSUER: issuer, GATEWRIGHT_SECRET: rootSecret })
  assert(settings.ok, 'the secret has the right form')
  return (await openSigningKey(key, settings.value.keys.signingKeySeal)) !== undefined
}

function withoutRepeats(calls: readonly string[]): readonly string[] {
  return calls.filter((call, index) => call !== calls[index - 1])
}
