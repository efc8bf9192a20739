import * as z from 'zod'

import { defineOperation, none } from '../../http/operation.ts'
import { identifierCharactersMax, pageFormBytesMax } from '../../platform/bounds.ts'

const typedCode = z.string().max(identifierCharactersMax).exactOptional()

export const showDevice = defineOperation({
  method: 'GET',
  path: '/device',
  room: 'people',
  summary: 'Ask for the code that another device shows (RFC 8628 §3.3)',
  dialect: 'page',
  access: { kind: 'session' },
  params: none,
  query: z.object({ user_code: typedCode }),
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: {
    200: {
      description: 'The form, filled in where the link carries a code. Nothing is looked up.',
      media: 'text/html',
    },
    303: { description: 'Nobody is signed in; leads to sign-in and back.' },
  },
  refusals: { 400: ['request_malformed'] },
})

export const enterUserCode = defineOperation({
  method: 'POST',
  path: '/device',
  room: 'people',
  summary: 'Look up a device by its code, and ask whether to let it in',
  dialect: 'page',
  access: { kind: 'session' },
  params: none,
  query: none,
  body: z.object({ form_token: z.string().exactOptional(), user_code: typedCode }),
  media: ['form'],
  bodyBytesMax: pageFormBytesMax,
  replies: {
    200: { description: 'The question: which application, and what it asks for.', media: 'text/html' },
    303: { description: 'Nobody is signed in; leads to sign-in and back.' },
    403: { description: 'The form was stale or not ours; the code is asked for again.', media: 'text/html' },
    404: { description: 'Nothing waits under the code; it is asked for again.', media: 'text/html' },
    429: { description: 'Too many wrong codes.', media: 'text/html' },
    503: { description: 'It could not be looked up.', media: 'text/html' },
  },
  refusals: { 400: ['request_malformed'] },
})

export const decideDevice = defineOperation({
  method: 'POST',
  path: '/device/decision',
  room: 'people',
  summary: 'Let the device in, or turn it away',
  dialect: 'page',
  access: { kind: 'session' },
  params: none,
  query: none,
  body: z.object({
    form_token: z.string().exactOptional(),
    user_code: typedCode,
    decision: z.enum(['allow', 'deny']),
  }),
  media: ['form'],
  bodyBytesMax: pageFormBytesMax,
  replies: {
    200: { description: 'It is decided; the device hears of it when it next asks.', media: 'text/html' },
    303: {
      description: 'Nobody is signed in, or not as well as the account asks; leads to sign-in and back.',
    },
    403: { description: 'The form was stale or not ours; the code is asked for again.', media: 'text/html' },
    404: { description: 'It was too late, or decided already.', media: 'text/html' },
    503: { description: 'It could not be decided.', media: 'text/html' },
  },
  refusals: { 400: ['request_malformed'] },
})
