import type { JWTHeaderParameters } from 'jose'
import { onTestFinished, vi } from 'vitest'

import type { Client } from '../../../src/clients/client.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import { currentNonce } from '../../../src/signing/dpop-nonce.ts'
import { newHolder, type Holder } from '../signing/proof-holder.ts'
import type { Answer, Fields } from './answer.ts'
import { codeWorld } from './code-world.ts'
import type { ClientChanges } from './clients.ts'
import { issuer, keys, redemptionOf } from './world.ts'

type Claims = Readonly<Record<string, unknown>>

export const TOKEN_URL = `${issuer}/oauth/token`
export const USERINFO_URL = `${issuer}/oauth/userinfo`

/** The nonce that the server hands out at some time. */
export function nonceAt(ms: number): string {
  return currentNonce(keys.proofNonceMac, ms)
}

/** Holds the clock half a minute away from the next nonce until the test ends. */
export function inMiddleOfMinute(): number {
  const now = Math.floor(Date.now() / 60_000) * 60_000 + 30_000
  vi.useFakeTimers({ toFake: ['Date'], now })
  onTestFinished(() => void vi.useRealTimers())
  return now
}

/** A proof for a token request that is in order but for what a test changes. */
export function tokenProof(
  holder: Holder,
  claims: Claims = {},
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  return holder.prove({ htm: 'POST', htu: TOKEN_URL, nonce: nonceAt(Date.now()), ...claims }, header)
}

/** A proof for a userinfo request with this token. */
export function userinfoProof(
  holder: Holder,
  token: string,
  claims: Claims = {},
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  const made = { htm: 'GET', htu: USERINFO_URL, nonce: nonceAt(Date.now()), ath: sha256(token), ...claims }
  return holder.prove(made, header)
}

/** A world in which an app that holds a key has just got a code. */
export async function boundWorld(changes: ClientChanges = {}) {
  const world = await codeWorld(changes)
  const holder = await newHolder()
  const redeem = (dpop?: string, fields: Fields = {}): Promise<Answer> =>
    world.token({ ...redemptionOf(world.client, world.code), ...fields }, dpop === undefined ? {} : { dpop })
  const refresh = (
    refresh_token: unknown,
    dpop?: string,
    { client_id }: Pick<Client, 'client_id'> = world.client,
  ): Promise<Answer> =>
    world.token(
      { grant_type: 'refresh_token', client_id, refresh_token: String(refresh_token) },
      dpop === undefined ? {} : { dpop },
    )
  const userinfo = (authorization: string, dpop?: string): Promise<Answer> =>
    world.send('/oauth/userinfo', { headers: { authorization, ...(dpop !== undefined && { dpop }) } })
  /** Tokens of the code, bound to the holder's key. */
  const tokens = async () => {
    const { body } = await redeem(await tokenProof(holder))
    return { access_token: String(body.access_token), refresh_token: String(body.refresh_token), body }
  }
  /** Whether the code is still good: what refused a request before has not spent it. */
  const codeIsUnspent = async () => (await redeem(await tokenProof(holder))).status === 200
  return { ...world, holder, redeem, refresh, userinfo, tokens, codeIsUnspent }
}
