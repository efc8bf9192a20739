import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'

import { signInOnDevice } from './device-sign-in.ts'

// npx node examples/device/main.ts CLIENT_ID [ISSUER]
const [, , client_id = '', issuer = 'http://localhost:8787'] = process.argv

const outcome = await signInOnDevice({
  issuer,
  client_id,
  scope: 'openid profile',
  show: ({ user_code, verification_uri, verification_uri_complete }) => {
    console.log(`Open ${verification_uri} and type ${user_code}, or open ${verification_uri_complete}`)
  },
  wait,
})
console.log(outcome.ok ? 'signed in' : `not signed in: ${outcome.error}`)
process.exitCode = outcome.ok ? 0 : 1
