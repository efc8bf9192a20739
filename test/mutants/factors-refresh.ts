import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    attack: 'refreshes none of them once the owner has set up a second factor',
    test: 'test/attacks/factors/refresh.test.ts',
    file: 'src/people/account/factors.route.ts',
    original: '  await ports.endWeakGrants({ ...account, has_second_factor: true }, c.var.facts.now)\n',
    mutated: '  void ports.endWeakGrants\n',
  },
]
