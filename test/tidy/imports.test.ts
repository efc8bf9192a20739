import { describe, expect, test } from 'vitest'

import { layerOf, sourceFiles, type SourceFile } from './source-files.ts'

/** What a layer may not import. `name.ts` holds rules, which must be told apart from whatever carries them out. */
const forbidden: Readonly<Record<string, readonly RegExp[]>> = {
  '': [/^hono\b/, /^drizzle-orm\b/, /^cloudflare:/],
  contract: [],
  route: [/^drizzle-orm\b/],
  page: [/^drizzle-orm\b/],
  store: [/^hono\b/],
  object: [/^hono\b/, /^drizzle-orm\b/],
  consumer: [/^hono\b/],
  cron: [/^hono\b/],
  words: [/^hono\b/, /^drizzle-orm\b/, /^cloudflare:/],
}

/** Rooms and files whose very subject is the library. */
const exempt: readonly { readonly paths: RegExp; readonly library: RegExp }[] = [
  { paths: /^src\/http\//, library: /^hono\b/ },
  { paths: /^src\/db\//, library: /^drizzle-orm\b/ },
  { paths: /^src\/(?:app\.ts|wiring\/[\w-]+\.ts|worker\.ts)$/, library: /^hono\b|^cloudflare:/ },
]

const ours = sourceFiles('src/**/*.{ts,tsx}')
const everything = sourceFiles('{src,scripts,test,bench,examples}/**/*.{ts,tsx}', 'vitest.config.ts')

describe('an import', () => {
  test('names the file that owns the symbol, with its extension', () => {
    expect(
      violations(everything, ({ specifier, path }) => path !== undefined && !hasExtension(specifier)),
    ).toEqual([])
  })

  test('takes no symbol from a file that does not own it: nothing is exported again', () => {
    const again = everything.filter(({ text }) =>
      /^export\s+(?:type\s+)?(?:\*|\{[^}]*\})\s+from\s/m.test(text),
    )
    expect(again.map(({ path }) => path).filter((path) => path !== 'src/worker.ts')).toEqual([])
  })

  /** The named import brings the whole of zod: 67 KiB and 21 ms of start-up. */
  test('of zod takes the namespace', () => {
    expect(
      violations(everything, ({ specifier, names }) => specifier === 'zod' && names !== '* as z'),
    ).toEqual([])
  })

  test('in `src/` takes nothing from scripts, tests or examples', () => {
    const isOutside = (path: string | undefined) =>
      path !== undefined && /^(?:scripts|test|bench|examples)\//.test(path)
    expect(violations(ours, ({ path }) => isOutside(path))).toEqual([])
  })

  test('keeps to the layer of its file', () => {
    expect(ours.flatMap(outOfLayer)).toEqual([])
  })

  /** Documents, checks and tests read contracts outside the runtime. */
  test('of a contract leads to nothing that runs: zod is the only library behind it', () => {
    const contracts = ours.filter(({ path }) => layerOf(path) === 'contract')
    const behind = contracts.flatMap(({ path }) =>
      [...librariesBehind(path)].map((name) => `${path} leads to ${name}`),
    )
    expect(behind.filter((line) => !line.endsWith(' zod'))).toEqual([])
  })
})

describe('a layer', () => {
  test('is one that the style knows', () => {
    const unknown = ours.filter(({ path }) => path !== 'src/env.d.ts' && !(layerOf(path) in forbidden))
    expect(unknown.map(({ path }) => path)).toEqual([])
  })

  /** An object, the settings and the wiring are given the bindings; everything else is given what it needs of them. */
  test('other than an object reads no environment', () => {
    const mayRead = /^src\/(?:settings\.ts|wiring\/[\w-]+\.ts|worker\.ts|env\.d\.ts)$|\.object\.ts$/
    const reads = /\b(?:this\.|c\.|process\.)?env(?:\.|\[)|from 'cloudflare:workers'.*\benv\b/
    expect(
      ours.filter(({ path, text }) => !mayRead.test(path) && reads.test(text)).map(({ path }) => path),
    ).toEqual([])
  })
})

function violations(
  files: readonly SourceFile[],
  isWrong: (found: SourceFile['imports'][number]) => boolean,
) {
  return files.flatMap(({ path, imports }) =>
    imports.filter(isWrong).map(({ specifier }) => `${path} imports '${specifier}'`),
  )
}

function hasExtension(specifier: string): boolean {
  return /\.(?:tsx?|mjs|json|cedar|cedarschema|wasm\?module|wasm|css)$/.test(specifier)
}

function outOfLayer({ path, imports }: SourceFile): readonly string[] {
  const patterns = forbidden[layerOf(path)] ?? []
  return imports.flatMap(({ specifier }) => {
    const isForbidden = patterns.some((pattern) => pattern.test(specifier))
    const isExempt = exempt.some(({ paths, library }) => paths.test(path) && library.test(specifier))
    return isForbidden && !isExempt ? [`${path} imports '${specifier}'`] : []
  })
}

function librariesBehind(start: string): ReadonlySet<string> {
  const libraries = new Set<string>()
  const seen = new Set<string>()
  const visit = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    for (const imported of ours.find((file) => file.path === path)?.imports ?? []) {
      if (imported.isOfTypes) continue
      if (imported.path === undefined) libraries.add(imported.specifier)
      else visit(imported.path)
    }
  }
  visit(start)
  return libraries
}
