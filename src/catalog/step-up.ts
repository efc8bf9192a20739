import { acrFrom, acrValues, type Acr } from '../accounts/acr.ts'

/** What a token must say of how its person signed in (RFC 9470 §3). */
export interface StepUp {
  readonly acr: Acr | undefined
  /** Seconds since the person signed in, at most. */
  readonly max_age: number | undefined
}

/** What is asked for in the catalogue, of a route or of a resource. */
interface Rule {
  readonly acr_values?: readonly Acr[]
  readonly max_age?: number
}

/** What a token says. A token of a client that acts for itself says nothing. */
interface Shown {
  readonly acr?: string | undefined
  readonly auth_time?: number | undefined
}

/** The rule that satisfies all of these: the strongest level, the shortest age. Undefined where none asks for anything. */
export function strictest(rules: readonly Rule[]): StepUp | undefined {
  const levels = rules.flatMap(({ acr_values }) => lowestOf(acr_values ?? []))
  const ages = rules.flatMap(({ max_age }) => (max_age === undefined ? [] : [max_age]))
  if (levels.length === 0 && ages.length === 0) return undefined
  return {
    acr: acrValues.findLast((acr) => levels.includes(acr)),
    max_age: ages.length === 0 ? undefined : Math.min(...ages),
  }
}

/** Whether a token says enough; what it does not say is not there. */
export function satisfies({ acr, max_age }: StepUp, shown: Shown, now: number): boolean {
  const isStrong = acr === undefined || acrFrom(acr).some((enough) => enough === shown.acr)
  const isRecent = max_age === undefined || now - (shown.auth_time ?? -Infinity) <= max_age
  return isStrong && isRecent
}

/** Any of the levels listed will do, so the lowest of them is what is asked for. */
function lowestOf(levels: readonly Acr[]): readonly Acr[] {
  return acrValues.filter((acr) => levels.includes(acr)).slice(0, 1)
}
