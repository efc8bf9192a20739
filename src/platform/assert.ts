/** States what only a bug can break. Never used on input: bad input is an expected failure with a reason. */
export function assert(condition: boolean, whatMustHold: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${whatMustHold}`)
}
