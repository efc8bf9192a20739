import { defineOperation, none } from '../../http/operation.ts'

export const showAccount = defineOperation({
  method: 'GET',
  path: '/account',
  room: 'people',
  summary: 'Show who is signed in',
  dialect: 'page',
  access: { kind: 'session' },
  params: none,
  query: none,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: {
    200: { description: 'The account of this session.', media: 'text/html' },
    303: { description: 'Nobody is signed in; leads to sign-in.' },
  },
  refusals: { 400: ['request_malformed'] },
})
