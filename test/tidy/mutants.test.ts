import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { readMutants } from '../../scripts/mutants.ts'
import { root } from '../../scripts/root.ts'

const text = (path: string) => readFileSync(join(root, path), 'utf8')
const titlesIn = (path: string) =>
  Array.from(text(path).matchAll(/\btest(?:\.each\([^]*?\))?\(\s*(?:'((?:[^'\\]|\\.)*)'|`([^`]*)`)/g)).map(
    ([, single, template]) => (single ?? template ?? '').replaceAll(/\\(.)/g, '$1'),
  )

const attacks = globSync('test/attacks/*/*.test.ts', { cwd: root }).flatMap((path) =>
  titlesIn(path).map((title) => ({ path, title })),
)

/** `npm run mutants` takes minutes; that it can still be run is looked at here. */
describe('the attack suite', () => {
  test('every attack has a mutant that it must catch', async () => {
    const caught = new Set((await readMutants([])).map(({ test: path, attack }) => `${path}: ${attack}`))
    const all = attacks.map(({ path, title }) => `${path}: ${title}`)
    expect(all.filter((attack) => !caught.has(attack))).toEqual([])
  })

  test('every mutant names an attack that there is', async () => {
    const known = new Set(attacks.map(({ path, title }) => `${path}: ${title}`))
    const mutants = await readMutants([])
    expect(
      mutants.map(({ test: path, attack }) => `${path}: ${attack}`).filter((attack) => !known.has(attack)),
    ).toEqual([])
  })

  test('every mutant changes one place of our code as it stands', async () => {
    const mutants = await readMutants([])
    const lost = mutants.filter(
      ({ file, original, mutated }) => text(file).split(original).length !== 2 || original === mutated,
    )
    expect(lost.map(({ file, original }) => `${file}: ${original}`)).toEqual([])
  })

  test('no attack comes twice', () => {
    const titles = attacks.map(({ path, title }) => `${path}: ${title}`)
    expect(titles.filter((title, place) => titles.indexOf(title) !== place)).toEqual([])
  })
})
