import { env } from 'cloudflare:workers'

import { createGrantsVault, type AuthorizeCommand } from '../../../src/grants/grants-vault.ts'
import { mintToken, readToken } from '../../../src/grants/opaque-token.ts'
import { openSuccessor, sealSuccessor } from '../../../src/grants/sealed-successor.ts'
import { randomId, systemRandom } from '../../../src/platform/random.ts'
import type { Secret } from '../../../src/platform/secret.ts'

const keys = { mac: new Uint8Array(32), vaultSeal: new Uint8Array(32) }

/** An account nobody has seen before, and the token endpoint's side of a conversation with its object. */
export function newAccount() {
  const vault_id = randomId(systemRandom)
  const grant_id = randomId(systemRandom)
  const vault = createGrantsVault(env.GRANTS)
  const mint = (kind: 'code' | 'refresh_token') => mintToken(kind, vault_id, keys, systemRandom)
  const code = mint('code')

  const authorize = (rest: Partial<AuthorizeCommand> = {}) =>
    vault.authorize(vault_id, {
      grant_id,
      code_digest: digestOf('code', code),
      consent: 'given',
      bindings: {
        client_id: 'spa',
        redirect_uri: 'https://app.example/cb',
        code_challenge: 'challenge',
        account_id: 'alice',
        sub: 'alice',
        sid: 'sid',
        scope: 'openid read',
        nonce: null,
        auth_time: 1_800_000_000,
        amr: ['pwd'],
        resource: [],
        claims: null,
        dpop_jkt: null,
      },
      ...rest,
    })

  const redeem = (refreshToken: Secret, code_challenge = 'challenge') =>
    vault.redeemCode(vault_id, {
      code_digest: digestOf('code', code),
      client_id: 'spa',
      redirect_uri: 'https://app.example/cb',
      code_challenge,
      dpop_jkt: null,
      resource: null,
      refresh: { digest: digestOf('refresh_token', refreshToken), dpop_jkt: null },
    })

  /** Presents a token as the token endpoint does, and answers the token that the client would be given, or the reason. */
  const refresh = async (presented: Secret): Promise<{ token?: Secret; reason?: string; was?: string }> => {
    const candidate = mint('refresh_token')
    const refreshed = await vault.refresh(vault_id, {
      token_digest: digestOf('refresh_token', presented),
      client_id: 'spa',
      dpop_jkt: null,
      scope: null,
      resource: null,
      successor: {
        digest: digestOf('refresh_token', candidate),
        sealed: await sealSuccessor(candidate, presented, systemRandom),
      },
    })
    if (!refreshed.ok) return { reason: refreshed.failure.reason }
    const { successor } = refreshed.value
    if (typeof successor === 'string') return { token: candidate, was: successor }
    const token = await openSuccessor(successor.sealed, presented)
    return token === undefined ? { reason: 'does not open' } : { token, was: 'sealed' }
  }

  const signIn = async (): Promise<Secret> => {
    const first = mint('refresh_token')
    await authorize()
    await redeem(first)
    return first
  }

  const revoke = (token: Secret) =>
    vault.revokeRefreshToken(vault_id, {
      token_digest: digestOf('refresh_token', token),
      client_id: 'spa',
    })

  return {
    vault,
    vault_id,
    grant_id,
    stub: env.GRANTS.getByName(vault_id),
    mint,
    authorize,
    redeem,
    refresh,
    signIn,
    revoke,
  }
}

export function digestOf(kind: 'code' | 'refresh_token', token: Secret): string {
  const read = readToken(kind, token, keys)
  if (read === undefined) throw new Error('a token that the test minted reads')
  return read.digest
}

export async function revocationRows() {
  const { results } = await env.DB.prepare('SELECT kind, id, expires_at FROM revocations ORDER BY seq').all()
  return results
}
