import type { SetupPlace } from './setup-options.ts'

/** The binding of wrangler.toml under which the Worker knows its database. */
export const databaseBinding = 'DB'
export const secretName = 'GATEWRIGHT_SECRET'

/** Arguments of every wrangler command that setting up takes; the same for `--dry-run` and for a real one. */
export function setupCommands(place: SetupPlace, config: string) {
  const file = ['--config', config]
  const where =
    place.kind === 'account' ? ['--remote', ...file] : ['--local', '--persist-to', place.stateDir, ...file]
  return {
    listDatabases: ['d1', 'list', '--json', ...file],
    createDatabase: (name: string) => ['d1', 'create', name, ...file],
    listSecrets: ['secret', 'list', '--format', 'json', ...file],
    putSecret: ['secret', 'put', secretName, ...file],
    applyMigrations: ['d1', 'migrations', 'apply', databaseBinding, ...where],
    query: (sql: string) => ['d1', 'execute', databaseBinding, ...where, '--json', '--command', sql],
    executeFile: (path: string) => ['d1', 'execute', databaseBinding, ...where, '--yes', '--file', path],
  } as const
}

export type SetupCommands = ReturnType<typeof setupCommands>
