import type { Mutant } from './mutant.ts'

const test = 'test/attacks/tokens/pairwise.test.ts'

export const mutants: readonly Mutant[] = [
  {
    attack: 'have no name of the session in common',
    test,
    file: 'src/clients/subject.ts',
    original: '  if (sub === account_id) return sid\n',
    mutated: '  if (key.length > 0) return sid\n',
  },
  {
    attack: 'are told of its end by the name that each of them knows',
    test,
    file: 'src/oauth/logout/session-ending.ts',
    original: '      sid: named,\n',
    mutated: '      sid,\n',
  },
]
