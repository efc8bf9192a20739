import { newApplication, requestOf } from './application.ts'
import { open, type PageState } from './stage.ts'

/** Pages where it stops. They all look the same, so there is one of each place that refuses. */
export const refusalStates: readonly PageState[] = [
  {
    name: 'a link of an unknown application',
    show: (stage) => open(stage, '/oauth/authorize?client_id=nobody'),
  },
  {
    name: 'a link that leads to the wrong place',
    async show(stage) {
      const client_id = await newApplication(stage)
      await open(stage, requestOf(client_id, { redirect_uri: 'https://evil.example/' }))
    },
  },
  {
    name: 'a request that cannot be read',
    show: (stage) => open(stage, '/sign-in?continue=%2F%2Fevil.example'),
  },
  { name: 'a page that is not used that way', show: (stage) => open(stage, '/device/decision') },
  {
    name: 'a sign-out link that is not valid',
    show: (stage) => open(stage, '/oauth/logout?id_token_hint=x'),
  },
]
