import * as z from 'zod'

import { defineOperation, none } from './http/operation.ts'

const Health = z.object({
  status: z.enum(['ready', 'not_ready']),
  missing: z
    .array(z.object({ name: z.string(), remedy: z.string() }))
    .describe('What must be done before this deployment can serve: settings, schema, signing keys.'),
})

export type Health = z.output<typeof Health>

export const readHealth = defineOperation({
  method: 'GET',
  path: '/healthz',
  room: 'health',
  summary: 'Tell whether this deployment can serve, and name what is missing',
  dialect: 'envelope',
  access: { kind: 'public' },
  params: none,
  query: none,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: {
    200: { description: 'Everything that is needed is there.', schema: Health },
    503: { description: 'Something is missing; it is named.', schema: Health },
  },
  refusals: { 400: ['request_malformed'] },
})
