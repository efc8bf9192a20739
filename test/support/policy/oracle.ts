import type { DecisionRequest } from '../../../src/policy/decision.ts'

const AUDIT_MS = Date.parse('2024-01-01T00:00:00Z')

/**
 * Says who may do what by the policies of the repository, written a second time and without Cedar.
 *
 * It takes addresses as four decimal numbers and times in UTC, which is what the generator makes.
 */
export function isAllowedByOracle({ principal, action, resource, context }: DecisionRequest): boolean {
  const isAlice = principal.id === 'alice'
  if (action.id === 'read') {
    return resource.id === 'handbook.pdf' || (isAlice && resource.id === 'confidential_report.pdf')
  }
  const isKeeper = isAlice && resource.id === 'handbook.pdf'
  const { ip_address, time } = context
  const isInOffice = typeof ip_address === 'string' && ip_address.startsWith('192.168.')
  const isTooEarly = action.id === 'delete' && typeof time === 'string' && Date.parse(time) < AUDIT_MS
  return isKeeper && isInOffice && !isTooEarly
}
