/**
 * First segments of the paths that are ours.
 *
 * What is not found below one is never looked for behind the gateway, and nothing can be published there: a route
 * that is silently passed over is how people come to trust what does not hold.
 */
export const ownFirstSegments: ReadonlySet<string> = new Set([
  '.well-known',
  'access',
  'account',
  'auth',
  'clients',
  'consent',
  'console',
  'device',
  'gatewright.css',
  'gatewright.svg',
  'graphql',
  'healthz',
  'mailbox',
  'oauth',
  'openapi.json',
  'passkey.js',
  'portal',
  'reset-password',
  'sign-in',
  'sign-out',
  'sign-up',
  'v1',
  'verify-email',
])
