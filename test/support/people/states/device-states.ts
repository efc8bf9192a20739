import * as z from 'zod'

import { newApplication } from './application.ts'
import { openSignedIn, press, type PageState, type Stage } from './stage.ts'

const DeviceAnswer = z.object({ user_code: z.string() })

export const deviceStates: readonly PageState[] = [
  { name: 'a device, its code', show: (stage) => openSignedIn(stage, '/device') },
  {
    name: 'a device, a code that is not known',
    async show(stage) {
      await openSignedIn(stage, '/device?user_code=BBBB-BBBB')
      await press(stage, 'main form button')
    },
  },
  { name: 'a device, the question', show: ask },
  {
    name: 'a device, let in',
    async show(stage) {
      await ask(stage)
      await press(stage, 'button[value=allow]')
    },
  },
  {
    name: 'a device, turned away',
    async show(stage) {
      await ask(stage)
      await press(stage, 'button[value=deny]')
    },
  },
]

async function ask(stage: Stage): Promise<void> {
  const user_code = await codeOfDevice(stage)
  await openSignedIn(stage, `/device?${new URLSearchParams({ user_code }).toString()}`)
  await press(stage, 'main form button')
}

/** The code that a device shows which has just asked to be let in. */
export async function codeOfDevice({ server }: Pick<Stage, 'server'>): Promise<string> {
  const client_id = await newApplication(
    { server },
    { metadata: { grant_types: ['urn:ietf:params:oauth:grant-type:device_code'], response_types: [] } },
  )
  const body = new URLSearchParams({ client_id, scope: 'openid email' })
  const answer = await fetch(`${server.url}/oauth/device_authorization`, { method: 'POST', body })
  return DeviceAnswer.parse(await answer.json()).user_code
}
