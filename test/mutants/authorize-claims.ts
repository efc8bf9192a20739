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
  {
    attack: 'asks for a level that the person did not reach, and the ID token does not say it',
    test,
    file: 'src/accounts/acr.ts',
    original: 'asked.includes(acr) && meetsAcr(amr, acr)',
    mutated: 'asked.includes(acr)',
  },
]
