import { createAccount } from './accounts/account.contract.ts'
import { createApiKey, listApiKeys, revokeApiKey } from './apikeys/api-key.contract.ts'
import { readCatalog, replaceCatalog } from './catalog/catalog.contract.ts'
import {
  readRegistration,
  removeRegistration,
  replaceRegistration,
} from './clients/registration-management.contract.ts'
import { registerAtOAuth, registerAtPortal, setClientPlan } from './clients/registration.contract.ts'
import {
  listIdentityProviders,
  putIdentityProvider,
  removeIdentityProvider,
} from './federation/identity-provider.contract.ts'
import { readHealth } from './health.contract.ts'
import { readOpenApi } from './http/openapi.contract.ts'
import type { Operation } from './http/operation.ts'
import { oauthOperations } from './oauth/oauth.contract.ts'
import { mailOperations } from './people/e-mail/mail.contract.ts'
import { peopleOperations } from './people/people.contract.ts'
import { authorizeAtPolicy } from './policy/authorize.contract.ts'
import { readJwks, rotateSigningKeys } from './signing/jwks.contract.ts'

/** Every operation that is declared, for the OpenAPI document, the reference, and 405. */
export const operations: readonly Operation[] = [
  ...oauthOperations,
  readJwks,
  registerAtOAuth,
  registerAtPortal,
  readRegistration,
  replaceRegistration,
  removeRegistration,
  setClientPlan,
  createAccount,
  authorizeAtPolicy,
  readCatalog,
  replaceCatalog,
  createApiKey,
  listApiKeys,
  revokeApiKey,
  rotateSigningKeys,
  putIdentityProvider,
  listIdentityProviders,
  removeIdentityProvider,
  ...peopleOperations,
  ...mailOperations,
  readHealth,
  readOpenApi,
]
