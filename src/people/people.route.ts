import { Hono } from 'hono'

import type { HttpEnv } from '../http/context.ts'
import { accountRoutes, type AccountPorts } from './account/account.route.ts'
import { connectedAppsRoutes, type ConnectedAppsPorts } from './account/connected-apps.route.ts'
import { consentRoutes, type ConsentPorts } from './consent/consent.route.ts'
import { deviceRoutes, type DevicePorts } from './consent/device.route.ts'
import { linkedIdentityRoutes, type LinkedIdentityRoutePorts } from './account/linked-identity.route.ts'
import { providerLoginRoutes, type ProviderLoginPorts } from './sign-in/provider-login.route.ts'
import { sessionsRoutes, type SessionsPorts } from './account/sessions.route.ts'
import { factorsRoutes, type FactorsRoutePorts } from './account/factors.route.ts'
import { passkeyRoutes, type PasskeyRoutePorts } from './sign-in/passkey.route.ts'
import { secondFactorRoutes, type SecondFactorRoutePorts } from './sign-in/second-factor.route.ts'
import { signInRoutes, type SignInPorts } from './sign-in/sign-in.route.ts'
import { signOutRoutes, type SignOutPorts } from './sign-in/sign-out.route.ts'

export type PeoplePorts = SignInPorts &
  SignOutPorts &
  ConsentPorts &
  AccountPorts &
  SessionsPorts &
  ConnectedAppsPorts &
  DevicePorts &
  SecondFactorRoutePorts &
  PasskeyRoutePorts &
  ProviderLoginPorts &
  LinkedIdentityRoutePorts &
  FactorsRoutePorts

/** The pages that a person sees: sign-in, sign-out, consent, account and devices. */
export function peopleRoutes(ports: PeoplePorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  app.route('/', signInRoutes(ports))
  app.route('/', secondFactorRoutes(ports))
  app.route('/', passkeyRoutes(ports))
  app.route('/', signOutRoutes(ports))
  app.route('/', providerLoginRoutes(ports))
  app.route('/', linkedIdentityRoutes(ports))
  app.route('/', consentRoutes(ports))
  app.route('/', accountRoutes(ports))
  app.route('/', factorsRoutes(ports))
  app.route('/', sessionsRoutes(ports))
  app.route('/', connectedAppsRoutes(ports))
  app.route('/', deviceRoutes(ports))
  return app
}
