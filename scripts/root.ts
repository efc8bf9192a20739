import { join } from 'node:path'

/** The folder of the repository, wherever the command was given. */
export const root = join(import.meta.dirname, '..')
