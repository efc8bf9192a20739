import { assert } from '../platform/assert.ts'
import { utf8 } from '../platform/encoding.ts'

/** Functions of Cedar that take one structured argument. */
export type CedarCall = 'checkParsePolicySet' | 'policyToJson' | 'statefulIsAuthorized' | 'validate'

/** What of Cedar we call, on one instance of its own. Each call may throw, and then the instance is not to be used again. */
export interface CedarInstance {
  call(name: CedarCall, argument: unknown): unknown
  callWithText(name: 'policySetTextToParts' | 'schemaToJsonWithResolvedTypes', text: string): unknown
  preparse(name: 'preparsePolicySet' | 'preparseSchema', id: string, argument: unknown): unknown
}

type Exported = (...values: readonly unknown[]) => unknown
type ExportedBy = (name: string) => Exported

const IMPORT_HASH = /_[0-9a-f]{16}$/

/**
 * Makes an instance of Cedar's WebAssembly with a binding that closes over it.
 *
 * The binding that ships with the package holds a single instance in module state and never lets go of it. A policy or
 * a request that traps leaves that instance dead, and everybody in the isolate would be denied until it is recycled.
 */
export function instantiateCedar(module: WebAssembly.Module): CedarInstance {
  const memory = new CedarMemory()
  const instance = new WebAssembly.Instance(module, importsFor(module, memory))
  const exported: ExportedBy = (name) => toFunction(instance.exports[name], name)
  memory.attach(instance.exports, exported('__wbindgen_malloc'))
  exported('__wbindgen_start')()
  return {
    call: (name, argument) => exported(name)(argument),
    callWithText: (name, text) => exported(name)(...memory.write(text)),
    preparse: (name, id, argument) => exported(name)(...memory.write(id), argument),
  }
}

/** The instance's linear memory and its table of values that live outside it. */
class CedarMemory {
  #memory: WebAssembly.Memory | undefined
  #externals: WebAssembly.Table | undefined
  #allocate: Exported | undefined

  attach(exports: WebAssembly.Exports, allocate: Exported): void {
    const { memory, __wbindgen_externrefs: externals } = exports
    assert(memory instanceof WebAssembly.Memory, 'cedar exports its memory')
    assert(externals instanceof WebAssembly.Table, 'cedar exports its table of external values')
    this.#memory = memory
    this.#externals = externals
    this.#allocate = allocate
  }

  /** Copies a text in. Cedar owns the copy from then on and frees it. */
  write(text: string): readonly [pointer: number, length: number] {
    const bytes = utf8(text)
    const pointer = Number(this.#allocate?.(bytes.length, 1)) >>> 0
    new Uint8Array(this.#buffer(), pointer, bytes.length).set(bytes)
    return [pointer, bytes.length]
  }

  read(pointer: number, length: number): string {
    return new TextDecoder().decode(new Uint8Array(this.#buffer(), pointer >>> 0, length))
  }

  /** Writes where a copied text lies to where Cedar expects to be told. */
  writeReference(at: number, [pointer, length]: readonly [number, number]): void {
    const view = new DataView(this.#buffer(), at >>> 0, 8)
    view.setUint32(0, pointer, true)
    view.setUint32(4, length, true)
  }

  /** Fills in the constants that compiled code expects: at slot 0, and at the first four slots after those that it made. */
  seedExternals(): void {
    const table = this.#externals
    assert(table !== undefined, 'cedar is attached before it starts')
    const first = table.grow(4)
    table.set(0, undefined)
    for (const [at, constant] of [undefined, null, true, false].entries()) table.set(first + at, constant)
  }

  /** Asked for anew each time, because a memory that grows leaves its old buffer detached. */
  #buffer(): ArrayBuffer {
    assert(this.#memory !== undefined, 'cedar is attached before it is called')
    return this.#memory.buffer
  }
}

/**
 * Provides what the module imports, by name without the hash that each build appends.
 *
 * An import that is not known here fails the instantiation, so that a new version of the package cannot bring one in
 * unnoticed.
 */
function importsFor(module: WebAssembly.Module, memory: CedarMemory): WebAssembly.Imports {
  const known: ReadonlyMap<string, Exported> = new Map<string, Exported>([
    ['__wbg_parse', (pointer, length): unknown => JSON.parse(memory.read(Number(pointer), Number(length)))],
    ['__wbg_stringify', (value) => JSON.stringify(value)],
    ['__wbg___wbindgen_is_undefined', (value) => value === undefined],
    ['__wbg___wbindgen_string_get', (at, value) => memory.writeReference(Number(at), copyOf(value, memory))],
    [
      '__wbg___wbindgen_throw',
      (pointer, length) => {
        throw new Error(memory.read(Number(pointer), Number(length)))
      },
    ],
    ['__wbindgen_init_externref_table', () => memory.seedExternals()],
  ])
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {}
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    const provided = known.get(name.replace(IMPORT_HASH, ''))
    assert(provided !== undefined, `cedar imports only what is known here, got ${name}`)
    imports[from] = { ...imports[from], [name]: provided }
  }
  return imports
}

/** A value that is not text is told of as no text at all, at address zero. */
function copyOf(value: unknown, memory: CedarMemory): readonly [number, number] {
  return typeof value === 'string' ? memory.write(value) : [0, 0]
}

function toFunction(value: WebAssembly.ExportValue | undefined, name: string): Exported {
  assert(typeof value === 'function', `cedar exports the function ${name}`)
  return (...values): unknown => Reflect.apply(value, undefined, values)
}
