import type { Mutant } from './mutant.ts'

const test = 'test/attacks/authorize/claims.test.ts'

export const mutants: readonly Mutant[] = [
  {
    attack: 'does not get past the consent that their scope would need',
    test,
    file: 'src/grants/consent.ts',
    original: 'askedOf(readScope(scope), claims)',
    mutated: 'askedOf(readScope(scope), claims && null)',
  },
  {
    attack: 'gets nothing that the client is not registered for',
    test,
    file: 'src/oauth/authorize/claims-parameter.ts',
    original: '    .filter((name) => !closed.has(name))\n',
    mutated: '',
  },
]
