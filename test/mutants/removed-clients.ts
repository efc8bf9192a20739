import type { Mutant } from './mutant.ts'

const test = 'test/attacks/clients/removed-client.test.ts'

export const mutants: readonly Mutant[] = [
  {
    attack: 'reads on with its access token: where it was removed, that is over at once',
    test,
    file: 'src/signing/access-token.ts',
    original: "  if (ports.isRevoked('client', client_id)) return fail({ reason: 'token_revoked' })\n",
    mutated: '',
  },
  {
    attack: 'reads on elsewhere: another isolate, which was told by the database, refuses it too',
    test,
    file: 'src/clients/client.store.ts',
    original: ".values({ kind: 'client', id: client_id, expires_at: tokensEndAt })",
    mutated: ".values({ kind: 'client', id: client_id, expires_at: now })",
  },
  {
    attack: 'refreshes: there is no client that could, and nothing is issued',
    test,
    file: 'src/clients/client.store.ts',
    original: '        db.delete(clients).where(eq(clients.client_id, client_id)),\n',
    mutated: '',
  },
]
