import type { Mutant } from './mutant.ts'

const test = 'test/attacks/races/one-time-races.test.ts'
const spent = {
  file: 'src/grants/redeem.ts',
  original: "if (held.spent_at !== null) return fail({ reason: 'spent', spent_at: held.spent_at })",
  mutated: '',
} as const
const unseen = {
  file: 'src/grants/one-time-use.ts',
  original: "return { answer: isSameCall ? 'first' : 'repeated', changes: [] }",
  mutated: "return { answer: 'first', changes: [] }",
} as const

export const mutants: readonly Mutant[] = [
  { attack: 'bringing one assertion two hundred times at once is first once', test, ...unseen },
  { attack: 'bringing one proof two hundred times at once is first once', test, ...unseen },
  { attack: 'completing one pushed request two hundred times at once wins once', test, ...spent },
  { attack: 'deciding one user code from two hundred accounts at once lets one in', test, ...spent },
  {
    attack: 'polling two hundred times at once gets one answer',
    test,
    file: 'src/grants/device-authorization.ts',
    original: "const answer: Poll = isTooSoon ? { state: 'slow_down' } : stateOf(held, now)",
    mutated: 'const answer: Poll = stateOf(held, now)',
  },
  {
    attack: 'redeeming one device code two hundred times at once wins once, and the grant lives',
    test,
    ...spent,
  },
]
