import * as z from 'zod'

import { defineOperation, none } from './operation.ts'

export const readOpenApi = defineOperation({
  method: 'GET',
  path: '/openapi.json',
  room: 'http',
  summary: 'Describe every operation of this gateway as OpenAPI 3.1',
  dialect: 'envelope',
  access: { kind: 'public' },
  params: none,
  query: none,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: {
    200: { description: 'The document.', schema: z.looseObject({ openapi: z.literal('3.1.0') }) },
  },
  refusals: { 400: ['request_malformed'] },
})
