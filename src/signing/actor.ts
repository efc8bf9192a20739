import * as z from 'zod'

/** Who acts for the subject of a token, and for whom they act in turn (RFC 8693 §4.1). */
export interface Actor {
  readonly sub: string
  readonly act?: Actor | undefined
}

export const ActorSchema: z.ZodType<Actor> = z.object({
  sub: z.string(),
  act: z.lazy(() => ActorSchema).optional(),
})

/** How many act, one for the other. */
export function actorCount(actor: Actor | undefined): number {
  return actor === undefined ? 0 : 1 + actorCount(actor.act)
}
