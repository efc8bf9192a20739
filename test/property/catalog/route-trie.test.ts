import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { TemplateSegment } from '../../../src/catalog/path-template.ts'
import { RouteTrie } from '../../../src/catalog/route-trie.ts'

type Template = readonly TemplateSegment[]

const text = fc.constantFrom('a', 'b', 'c', '%', 'A')
const templateSegment: fc.Arbitrary<TemplateSegment> = fc.oneof(
  text.map((literal) => ({ kind: 'literal' as const, text: literal })),
  fc.constantFrom('x', 'y').map((name) => ({ kind: 'parameter' as const, name })),
)
const template = fc.array(templateSegment, { minLength: 1, maxLength: 5 })
const path = fc.array(fc.oneof(text, fc.constantFrom('d', '')), { minLength: 1, maxLength: 5 })

function shapeOf(segments: Template): string {
  return segments.map((segment) => (segment.kind === 'literal' ? `=${segment.text}` : '*')).join('/')
}

function takes(segments: Template, at: readonly string[]): boolean {
  return (
    segments.length === at.length &&
    segments.every((segment, index) =>
      segment.kind === 'literal' ? segment.text === at[index] : at[index] !== '',
    )
  )
}

/** The rule itself: of all templates that take the path, the one whose first literal stands furthest left. */
function oracle(templates: readonly Template[], at: readonly string[]): string | undefined {
  const ranks = templates
    .filter((segments) => takes(segments, at))
    .map((segments) => ({
      shape: shapeOf(segments),
      rank: segments.map((segment) => (segment.kind === 'literal' ? '0' : '1')).join(''),
    }))
    .toSorted((one, other) => (one.rank < other.rank ? -1 : 1))
  return ranks[0]?.shape
}

function build(templates: readonly Template[]): RouteTrie<string> {
  const trie = new RouteTrie<string>()
  for (const segments of templates) trie.add(segments, shapeOf(segments))
  return trie
}

describe('RouteTrie', () => {
  test('it finds what trying every template finds', () => {
    fc.assert(
      fc.property(
        fc.array(template, { maxLength: 30 }),
        fc.array(path, { minLength: 20 }),
        (templates, paths) => {
          const trie = build(templates)
          for (const at of paths) expect(trie.find(at)).toBe(oracle(templates, at))
        },
      ),
      { numRuns: 500 },
    )
  })

  test('the order of publishing decides nothing', () => {
    fc.assert(
      fc.property(fc.array(template, { maxLength: 20 }), path, (templates, at) => {
        expect(build(templates).find(at)).toBe(build(templates.toReversed()).find(at))
      }),
    )
  })

  test('two templates of one shape are told of, and the first stays', () => {
    fc.assert(
      fc.property(fc.array(template, { minLength: 1, maxLength: 20 }), (templates) => {
        const trie = new RouteTrie<string>()
        const seen = new Set<string>()
        for (const segments of templates) {
          const shape = shapeOf(segments)
          expect(trie.add(segments, shape)).toBe(seen.has(shape) ? shape : undefined)
          seen.add(shape)
        }
      }),
    )
  })

  test('an overlap is a parameter beside a literal, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(template, { maxLength: 12 }), (templates) => {
        const isBeside = (one: Template, other: Template) =>
          one.some(
            (segment, at) =>
              segment.kind !== other[at]?.kind &&
              other[at] !== undefined &&
              shapeOf(one.slice(0, at)) === shapeOf(other.slice(0, at)),
          )
        const expected = templates.some((one) => templates.some((other) => isBeside(one, other)))
        expect(build(templates).overlaps).toBe(expected)
      }),
    )
  })
})
