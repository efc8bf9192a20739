import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

import { root } from '../../scripts/root.ts'

export interface SourceFile {
  /** From the root of the repository. */
  readonly path: string
  readonly text: string
  readonly imports: readonly Import[]
}

export interface Import {
  /** As it is written. */
  readonly specifier: string
  /** The imported file from the root of the repository, when it is one of ours. */
  readonly path: string | undefined
  readonly names: string
  readonly isOfTypes: boolean
}

const statement = /^(?:import|export)\s+(type\s)?([^'"`;]*?)\s*from\s+'([^']+)'|^import\s+()()'([^']+)'/gm
const dynamic = /\bimport\('([^']+)'\)/g

/** Files that match globs, with what they import. Read by pattern: TypeScript 7 has no interface to its compiler. */
export function sourceFiles(...globs: readonly string[]): readonly SourceFile[] {
  const paths = globSync([...globs], { cwd: root, exclude: (path) => path.includes('node_modules') })
  return paths.toSorted().map((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    return { path, text, imports: importsOf(path, text) }
  })
}

function importsOf(path: string, text: string): readonly Import[] {
  const stated = Array.from(text.matchAll(statement), ([, type, names = '', from, , , bare = '']) => ({
    names,
    specifier: from ?? bare,
    isOfTypes: type !== undefined,
  }))
  const late = Array.from(text.matchAll(dynamic), ([, specifier = '']) => ({
    names: '',
    specifier,
    isOfTypes: false,
  }))
  return [...stated, ...late].map((found) => ({ ...found, path: resolved(path, found.specifier) }))
}

function resolved(path: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? relative(root, join(root, dirname(path), specifier)) : undefined
}

/** The first folder below `src/`, or for a file that lies there itself, its name up to the first dot. */
export function roomOf(path: string): string | undefined {
  return /^src\/([\w-]+)/.exec(path)?.[1]
}

/** The layer that a file's suffix names: `route` in `key.route.ts`, and nothing for plain rules. */
export function layerOf(path: string): string {
  return /\.([a-z]+)\.tsx?$/.exec(path)?.[1] ?? ''
}
