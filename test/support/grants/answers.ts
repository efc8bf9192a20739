import type { GrantsLedger } from '../../../src/grants/grants-ledger.ts'
import type { RedeemCodeCommand, RefreshCommand } from '../../../src/grants/grants-vault.ts'

/** What a ledger answered, in the words of the oracle. */
export function redeemWord(ledger: GrantsLedger, command: RedeemCodeCommand, nowMs: number): string {
  const answer = ledger.redeemCode(command, nowMs)
  return answer.ok ? 'granted' : answer.failure.reason
}

export function refreshWord(ledger: GrantsLedger, command: RefreshCommand, nowMs: number): string {
  const answer = ledger.refresh(command, nowMs)
  if (!answer.ok) return answer.failure.reason
  const { successor } = answer.value
  return typeof successor === 'string' ? successor : `sealed ${successor.sealed}`
}
