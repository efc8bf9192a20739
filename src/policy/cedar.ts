import compiledCedar from '../../node_modules/@cedar-policy/cedar-wasm/web/cedar_wasm_bg.wasm?module'
import { instantiateCedar, type CedarInstance } from './cedar-instance.ts'

/**
 * A fresh instance of Cedar. This is the only importer of its WebAssembly.
 *
 * The platform compiles the module when it loads the Worker, whether the import is static or dynamic (measured: no
 * difference). Instantiating it costs memory and some milliseconds, so that waits for the first decision.
 */
export function newCedar(): CedarInstance {
  return instantiateCedar(compiledCedar)
}
