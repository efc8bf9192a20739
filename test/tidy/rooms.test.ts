import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { root } from '../../scripts/root.ts'
import { roomOf, sourceFiles, type SourceFile } from './source-files.ts'

/** A room may import only rooms to its left. `docs/explanation/architecture.md` tells what each is for. */
const rooms = [
  'platform',
  'http',
  'db',
  'mail',
  'signing',
  'clients',
  'accounts',
  'federation',
  'grants',
  'events',
  'limits',
  'apikeys',
  'policy',
  'catalog',
  'webhooks',
  'analytics',
  'oauth',
  'gateway',
  'people',
  'portal',
  'console',
  'settings',
  'health',
  'operations',
  'app',
  'wiring',
  'worker',
]

/** Generated from the bindings, whose types come from the Worker itself. */
const outside = new Set(['src/env.d.ts'])

const files = sourceFiles('src/**/*.{ts,tsx}').filter(({ path }) => !outside.has(path))

describe('the rooms', () => {
  test('are all in the order', () => {
    const unknown = files.filter(({ path }) => !rooms.includes(roomOf(path) ?? ''))
    expect(unknown.map(({ path }) => path)).toEqual([])
  })

  test('import only what lies to their left', () => {
    expect(files.flatMap(importsToTheRight)).toEqual([])
  })

  test('have no circles of imports', () => {
    expect(circles(files)).toEqual([])
  })

  test('are on the map', () => {
    const map = readFileSync(join(root, 'docs/explanation/architecture.md'), 'utf8')
    const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    )
    expect(folders.map(({ name }) => name).filter((name) => !map.includes(`${name}/`))).toEqual([])
  })
})

function importsToTheRight({ path, imports }: SourceFile): readonly string[] {
  const place = rooms.indexOf(roomOf(path) ?? '')
  return imports.flatMap((imported) => {
    const target = imported.path
    if (target === undefined || outside.has(target) || !target.startsWith('src/')) return []
    return rooms.indexOf(roomOf(target) ?? '') > place ? [`${path} imports ${target}`] : []
  })
}

/** Imports of types are no circle: they are gone before anything runs. */
function circles(all: readonly SourceFile[]): readonly string[] {
  const targets = new Map(
    all.map(({ path, imports }) => [
      path,
      imports.flatMap((imported) =>
        imported.isOfTypes || imported.path === undefined ? [] : [imported.path],
      ),
    ]),
  )
  const done = new Set<string>()
  const found: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
    if (done.has(path) || trail.includes(path)) return
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path])
    done.add(path)
  }
  for (const path of targets.keys()) visit(path, [])
  return found
}
