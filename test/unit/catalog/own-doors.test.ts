import { expect, test } from 'vitest'

import { readTemplate } from '../../../src/catalog/path-template.ts'
import { operations } from '../../../src/operations.ts'

/** A route published below a door of ours would never be asked: our own rooms come first. */
test('no route can be published where an operation of ours answers', () => {
  const doors = new Set(operations.map(({ path }) => path.split('/')[1] ?? ''))
  const published = [...doors].filter(
    (door) => readTemplate(`/${door}`).ok || readTemplate(`/${door}/{id}`).ok,
  )
  expect(published).toEqual([])
})
