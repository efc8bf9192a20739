/**
 * The name of a member that comes twice in one object of a JSON text, which must be well formed.
 *
 * Parsers differ in which one they take, so two readers of one body can be made to see different requests.
 *
 * @see RFC 8259 §4 (names SHOULD be unique)
 */
export function repeatedMember(text: string): string | undefined {
  /** Names seen in each object that is open; arrays have none. */
  const open: (Set<string> | undefined)[] = []
  let isName = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (character === '"') {
      const end = endOfString(text, at)
      const name = isName ? unescaped(text.slice(at, end + 1)) : ''
      const names = isName ? open.at(-1) : undefined
      if (names?.has(name) === true) return name
      names?.add(name)
      at = end
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : undefined)
      isName = true
    } else if (character === '}' || character === ']') open.pop()
    else if (character === ',') isName = true
    else if (character === ':') isName = false
  }
  return undefined
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

/** One name can be written in many ways, with and without escapes. */
function unescaped(literal: string): string {
  return literal.includes('\\') ? String(JSON.parse(literal)) : literal.slice(1, -1)
}
