import { factorStore } from '../../../../src/accounts/factor.store.ts'
import { passkeyStore } from '../../../../src/accounts/passkey.store.ts'
import { makeRecoveryCodes, recoveryCodeDigest } from '../../../../src/accounts/recovery-code.ts'
import { makeTotpSecret, sealTotpSecret } from '../../../../src/accounts/totp.ts'
import { openDb } from '../../../../src/db/client.ts'
import { assert } from '../../../../src/platform/assert.ts'
import { randomId, systemRandom } from '../../../../src/platform/random.ts'
import { readSettings } from '../../../../src/settings.ts'
import type { Stage } from './stage.ts'

const YESTERDAY = 1_795_000_000

/** Gives somebody an authenticator app, as if they had set it up yesterday. */
export async function giveApp({ server, resident: { account_id } }: Stage): Promise<void> {
  const settings = readSettings(server.bindings)
  assert(settings.ok, 'a server that runs has settings')
  const place = { account_id, factor_id: randomId(systemRandom) }
  const { factorSeal } = settings.value.keys
  const secret_sealed = await sealTotpSecret(makeTotpSecret(systemRandom), place, factorSeal, systemRandom)
  const factors = factorStore(openDb(server.database))
  await factors.addTotp({ ...place, secret_sealed, last_step: 0, created_at: YESTERDAY })
}

/** Gives somebody a passkey, and nobody the key: it is looked at, not used. */
export async function givePasskey(
  { server, resident: { account_id } }: Stage,
  name = 'A passkey',
): Promise<void> {
  await passkeyStore(openDb(server.database)).add({
    credential_id: randomId(systemRandom),
    account_id,
    name,
    public_key: randomId(systemRandom),
    counter: 0,
    created_at: YESTERDAY,
    used_at: null,
  })
}

/** Gives somebody the last of their recovery codes. */
export async function giveRecoveryCode({ server, resident: { account_id } }: Stage): Promise<void> {
  const codes = makeRecoveryCodes(systemRandom).slice(0, 1)
  const digests = codes.map((code) => recoveryCodeDigest(account_id, code.reveal()) ?? '')
  await factorStore(openDb(server.database)).replaceRecoveryCodes(account_id, digests, YESTERDAY)
}
