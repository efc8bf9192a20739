/** An expected outcome: a value, or a failure tagged with its reason. A thrown error is a bug instead. */
export type Result<T, F extends { readonly reason: string }> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: F }

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value }
}

export function fail<const F extends { readonly reason: string }>(
  failure: F,
): { readonly ok: false; readonly failure: F } {
  return { ok: false, failure }
}
