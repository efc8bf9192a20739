import type { Operation } from '../http/operation.ts'
import { authorize, authorizeByForm } from './authorize/authorize.contract.ts'
import { authorizeDevice } from './device/device.contract.ts'
import { introspectToken } from './introspection.contract.ts'
import { endSession, endSessionByForm } from './logout/logout.contract.ts'
import { readOpenIdConfiguration, readServerMetadata } from './metadata.contract.ts'
import { readGatewayMetadata, readResourceMetadata } from './protected-resource.contract.ts'
import { pushAuthorizationRequest } from './par/par.contract.ts'
import { revokeToken } from './revocation.contract.ts'
import { exchangeForToken, requestToken } from './token/token.contract.ts'
import { readUserinfo, readUserinfoByForm } from './userinfo.contract.ts'

/** Every operation of this room, for the OpenAPI document and for the check that each status has a test. */
export const oauthOperations: readonly Operation[] = [
  readOpenIdConfiguration,
  readServerMetadata,
  readGatewayMetadata,
  readResourceMetadata,
  authorize,
  authorizeByForm,
  pushAuthorizationRequest,
  authorizeDevice,
  requestToken,
  exchangeForToken,
  introspectToken,
  revokeToken,
  readUserinfo,
  readUserinfoByForm,
  endSession,
  endSessionByForm,
]
