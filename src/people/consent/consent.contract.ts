import * as z from 'zod'

import { defineOperation, none } from '../../http/operation.ts'
import { AuthorizeParameters, authorizeRepeatable } from '../../oauth/authorize/authorize.contract.ts'
import { pageFormBytesMax } from '../../platform/bounds.ts'

export const showConsent = defineOperation({
  method: 'GET',
  path: '/consent',
  room: 'people',
  summary: 'Ask whether an application may have what it asks for',
  dialect: 'page',
  access: { kind: 'session' },
  params: none,
  query: AuthorizeParameters,
  repeatable: authorizeRepeatable,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: {
    200: { description: 'The question.', media: 'text/html' },
    303: {
      description: 'Nobody is signed in, or the verified client is told what is wrong with its request.',
    },
  },
  refusals: { 400: ['request_malformed'] },
})

export const decideConsent = defineOperation({
  method: 'POST',
  path: '/consent',
  room: 'people',
  summary: 'Allow or deny it',
  dialect: 'page',
  access: { kind: 'session' },
  params: none,
  query: AuthorizeParameters,
  repeatable: authorizeRepeatable,
  body: z.object({
    form_token: z.string().optional(),
    decision: z.enum(['allow', 'deny']),
  }),
  media: ['form'],
  bodyBytesMax: pageFormBytesMax,
  replies: {
    200: {
      description: 'The response as a form that goes on to the client (`response_mode=form_post`).',
      media: 'text/html',
    },
    303: { description: 'Leads to the verified redirect URI, with a code or with `access_denied`.' },
    403: { description: 'The form was stale or not ours; the question is asked again.', media: 'text/html' },
  },
  refusals: { 400: ['request_malformed'] },
})
