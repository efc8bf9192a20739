import { Hono } from 'hono'

import type { HttpEnv } from '../http/context.ts'
import { authorizeRoutes, type AuthorizeRoutePorts } from './authorize/authorize.route.ts'
import { deviceRoutes, type DeviceRoutePorts } from './device/device.route.ts'
import { introspectionRoutes, type IntrospectionRoutePorts } from './introspection.route.ts'
import { logoutRoutes, type LogoutPorts } from './logout/logout.route.ts'
import { metadataRoutes } from './metadata.route.ts'
import { protectedResourceRoutes, type ProtectedResourcePorts } from './protected-resource.route.ts'
import { parRoutes, type ParPorts } from './par/par.route.ts'
import { revocationRoutes, type RevocationRoutePorts } from './revocation.route.ts'
import { tokenRoutes, type TokenRoutePorts } from './token/token.route.ts'
import { userinfoRoutes, type UserinfoPorts } from './userinfo.route.ts'

export type OAuthPorts = AuthorizeRoutePorts &
  ParPorts &
  DeviceRoutePorts &
  TokenRoutePorts &
  IntrospectionRoutePorts &
  RevocationRoutePorts &
  LogoutPorts &
  UserinfoPorts &
  ProtectedResourcePorts

/** The OAuth doors: discovery, authorization, tokens, and what is asked about tokens. */
export function oauthRoutes(ports: OAuthPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  app.route('/', metadataRoutes(ports))
  app.route('/', protectedResourceRoutes(ports))
  app.route('/', authorizeRoutes(ports))
  app.route('/', parRoutes(ports))
  app.route('/', deviceRoutes(ports))
  app.route('/', tokenRoutes(ports))
  app.route('/', introspectionRoutes(ports))
  app.route('/', revocationRoutes(ports))
  app.route('/', userinfoRoutes(ports))
  app.route('/', logoutRoutes(ports))
  return app
}
