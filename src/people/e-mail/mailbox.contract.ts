import { defineOperation, none } from '../../http/operation.ts'

export const showMailbox = defineOperation({
  method: 'GET',
  path: '/mailbox',
  room: 'people',
  summary: 'In development, show the mail that would have been sent',
  dialect: 'page',
  access: { kind: 'public' },
  params: none,
  query: none,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: { 200: { description: 'The mails, newest first.', media: 'text/html' } },
  refusals: { 400: ['request_malformed'], 404: ['not_found'] },
})
