import { log } from '../platform/log.ts'
import { ok } from '../platform/result.ts'
import type { CedarInstance } from './cedar-instance.ts'
import { denyUnavailable, type DecisionAnswer, type DecisionRequest } from './decision.ts'
import { evaluate, prepare } from './evaluation.ts'
import { policyVersion, readPolicySet, type PolicySet, type PolicySource } from './policy-set.ts'

/** One replay on a fresh instance: what traps that one too will trap every one. */
const TRIES_MAX = 2

export interface DecisionPointPorts {
  readonly source: PolicySource
  readonly newCedar: () => CedarInstance
}

/**
 * Decides requests by one set of policies and survives whatever a request does to Cedar.
 *
 * An instance is made at the first decision and dropped as soon as it throws: after a trap it would fail, or worse
 * answer, for everybody else in the isolate. What cannot be decided is denied.
 */
export class DecisionPoint {
  readonly #ports: DecisionPointPorts
  readonly #version: string
  #engine: { readonly cedar: CedarInstance; readonly set: PolicySet } | undefined
  /** Policies that do not parse will not parse later: trying again would only make every request slow. */
  #isInvalid = false

  constructor(ports: DecisionPointPorts) {
    this.#ports = ports
    this.#version = policyVersion(ports.source)
  }

  decide(request: DecisionRequest): DecisionAnswer {
    for (let tries = 1; tries <= TRIES_MAX && !this.#isInvalid; tries += 1) {
      try {
        const answer = this.#ask(request)
        if (answer !== undefined) return answer
      } catch (error) {
        this.#engine = undefined
        log('error', 'cedar_failed', { tries, message: error instanceof Error ? error.message : '' })
      }
    }
    return ok(denyUnavailable(this.#version))
  }

  #ask(request: DecisionRequest): DecisionAnswer | undefined {
    this.#engine ??= this.#start()
    if (this.#engine === undefined) return undefined
    const answer = evaluate(this.#engine.cedar, this.#engine.set, request)
    return answer.ok ? ok({ ...answer.value, policy_version: this.#version }) : answer
  }

  #start(): { readonly cedar: CedarInstance; readonly set: PolicySet } | undefined {
    const cedar = this.#ports.newCedar()
    const set = readPolicySet(cedar, this.#ports.source)
    const prepared = set.ok ? prepare(cedar, set.value) : set
    if (set.ok && prepared.ok) return { cedar, set: set.value }
    this.#isInvalid = true
    if (!prepared.ok) log('error', 'policies_invalid', { fault: prepared.failure.fault })
    return undefined
  }
}
