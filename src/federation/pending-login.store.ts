import { and, eq, gt, lte } from 'drizzle-orm'
import * as z from 'zod'

import type { Db } from '../db/client.ts'
import { pendingLogins } from '../db/schema/federation.ts'
import { pendingLoginTtlSeconds } from '../platform/bounds.ts'
import { epochSeconds } from '../platform/clock.ts'
import { sha256 } from '../platform/digest.ts'
import type { Random } from '../platform/random.ts'
import { open, seal } from '../platform/seal.ts'

/** A sign-in that is on its way to a provider and back. */
export interface PendingLogin {
  readonly provider_id: string
  /** What the answer must fit: it came back to whom it was asked for, and nobody else's was put in its place. */
  readonly checks: LoginChecks
  readonly return_path: string
  /** The account that is to be linked, for somebody who was signed in when they began; null for a sign-in. */
  readonly link_to: string | null
}

export interface LoginChecks {
  readonly nonce: string
  readonly code_verifier: string
}

const Checks = z.object({ nonce: z.string(), code_verifier: z.string() })

/** Pending logins in D1, by digest of their `state`, which only the browser and the provider hear. */
export function pendingLoginStore(db: Db, sealKey: Uint8Array, random: Random) {
  return {
    async begin(state: string, browser: string, login: PendingLogin, nowMs: number): Promise<void> {
      const state_digest = sha256(state)
      const { provider_id, checks, return_path, link_to } = login
      await db.insert(pendingLogins).values({
        state_digest,
        provider_id,
        checks_sealed: await seal(JSON.stringify(checks), sealKey, contextOf(state_digest), random),
        browser_digest: sha256(browser),
        return_path,
        link_to,
        expires_at: epochSeconds(nowMs) + pendingLoginTtlSeconds,
      })
    },

    /**
     * Takes a login out, once, for the browser that began it.
     *
     * An answer that somebody else obtained and sent along as a link would sign the victim in as the attacker, or link
     * the attacker's identity to the victim's account (RFC 9700 §4.7).
     */
    async take(state: string, browser: string, nowMs: number): Promise<PendingLogin | undefined> {
      const state_digest = sha256(state)
      const isThis = and(
        eq(pendingLogins.state_digest, state_digest),
        eq(pendingLogins.browser_digest, sha256(browser)),
        gt(pendingLogins.expires_at, epochSeconds(nowMs)),
      )
      const [row] = await db.delete(pendingLogins).where(isThis).returning()
      const text = row && (await open(row.checks_sealed, sealKey, contextOf(state_digest)))
      if (row === undefined || text === undefined) return undefined
      const { provider_id, return_path, link_to } = row
      return { provider_id, return_path, link_to, checks: Checks.parse(JSON.parse(text)) }
    },

    async sweep(nowMs: number): Promise<void> {
      await db.delete(pendingLogins).where(lte(pendingLogins.expires_at, epochSeconds(nowMs)))
    },
  }
}

function contextOf(state_digest: string): string {
  return `pending login ${state_digest}`
}
