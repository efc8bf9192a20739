import type { TemplateSegment } from './path-template.ts'

/** A tree over segments. It is filled once, when a snapshot is compiled, and only read after that. */
interface Node<R> {
  readonly literals: Map<string, Node<R>>
  parameter: Node<R> | undefined
  route: R | undefined
}

/**
 * Finds the route for a path.
 *
 * Segment by segment from the left, a literal beats a parameter, so which of two templates wins does not depend
 * on the order in which they were published. A search visits one node for each segment, and others only where
 * templates overlap; no node twice.
 */
export class RouteTrie<R> {
  readonly #root: Node<R> = emptyNode()
  #overlaps = false

  /** Whether somewhere a parameter stands beside a literal, so that a request could mean either. */
  get overlaps(): boolean {
    return this.#overlaps
  }

  /** Adds a route and answers undefined, or answers the one that already has this shape and adds nothing. */
  add(template: readonly TemplateSegment[], route: R): R | undefined {
    let node = this.#root
    for (const segment of template) {
      node = childFor(node, segment)
    }
    if (node.route !== undefined) return node.route
    node.route = route
    this.#overlaps ||= hasOverlap(this.#root, template)
    return undefined
  }

  find(segments: readonly string[]): R | undefined {
    return findBelow(this.#root, segments, 0)
  }
}

function findBelow<R>(node: Node<R>, segments: readonly string[], at: number): R | undefined {
  const segment = segments[at]
  if (segment === undefined) return node.route
  const literal = node.literals.get(segment)
  const found = literal === undefined ? undefined : findBelow(literal, segments, at + 1)
  if (found !== undefined || node.parameter === undefined || segment === '') return found
  return findBelow(node.parameter, segments, at + 1)
}

function childFor<R>(node: Node<R>, segment: TemplateSegment): Node<R> {
  if (segment.kind === 'parameter') {
    node.parameter ??= emptyNode()
    return node.parameter
  }
  const known = node.literals.get(segment.text)
  if (known !== undefined) return known
  const added = emptyNode<R>()
  node.literals.set(segment.text, added)
  return added
}

function hasOverlap<R>(root: Node<R>, template: readonly TemplateSegment[]): boolean {
  let node = root
  for (const segment of template) {
    if (node.parameter !== undefined && node.literals.size > 0) return true
    node = childFor(node, segment)
  }
  return false
}

function emptyNode<R>(): Node<R> {
  return { literals: new Map(), parameter: undefined, route: undefined }
}
