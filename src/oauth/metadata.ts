import { acrValues } from '../accounts/acr.ts'
import { StandardClaimsSchema } from '../accounts/standard-claims.contract.ts'
import { signatureAlgs } from '../clients/metadata.contract.ts'
import { registerAtOAuth } from '../clients/registration.contract.ts'
import { locales } from '../http/locale.ts'
import { proofAlgs } from '../signing/dpop-proof-parts.ts'
import { readJwks } from '../signing/jwks.contract.ts'
import { signingAlgs } from '../signing/signing-key.ts'
import { authorize } from './authorize/authorize.contract.ts'
import { promptsSupported } from './authorize/request-checks.ts'
import { responseModes } from './authorize/response-mode.ts'
import { authorizeDevice } from './device/device.contract.ts'
import { introspectToken } from './introspection.contract.ts'
import { endSession } from './logout/logout.contract.ts'
import type { Metadata } from './metadata.contract.ts'
import { pushAuthorizationRequest } from './par/par.contract.ts'
import { revokeToken } from './revocation.contract.ts'
import { knownScopes } from './scopes.ts'
import { grantTypes } from './token/grant-request.ts'
import { requestToken } from './token/token.contract.ts'
import { readUserinfo } from './userinfo.contract.ts'

const CONFIDENTIAL_METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const

/** Describes this server. What can be taken from the code that does the work is taken from there. */
export function describeServer(issuer: string): Metadata {
  return {
    issuer,
    authorization_endpoint: `${issuer}${authorize.path}`,
    token_endpoint: `${issuer}${requestToken.path}`,
    pushed_authorization_request_endpoint: `${issuer}${pushAuthorizationRequest.path}`,
    require_pushed_authorization_requests: false,
    device_authorization_endpoint: `${issuer}${authorizeDevice.path}`,
    userinfo_endpoint: `${issuer}${readUserinfo.path}`,
    end_session_endpoint: `${issuer}${endSession.path}`,
    jwks_uri: `${issuer}${readJwks.path}`,
    registration_endpoint: `${issuer}${registerAtOAuth.path}`,
    introspection_endpoint: `${issuer}${introspectToken.path}`,
    revocation_endpoint: `${issuer}${revokeToken.path}`,
    scopes_supported: knownScopes,
    response_types_supported: ['code'],
    response_modes_supported: responseModes,
    grant_types_supported: grantTypes,
    prompt_values_supported: promptsSupported,
    acr_values_supported: acrValues,
    subject_types_supported: ['public', 'pairwise'],
    id_token_signing_alg_values_supported: signingAlgs,
    userinfo_signing_alg_values_supported: signingAlgs,
    introspection_signing_alg_values_supported: signingAlgs,
    token_endpoint_auth_methods_supported: [...CONFIDENTIAL_METHODS, 'none'],
    token_endpoint_auth_signing_alg_values_supported: signatureAlgs,
    introspection_endpoint_auth_methods_supported: CONFIDENTIAL_METHODS,
    introspection_endpoint_auth_signing_alg_values_supported: signatureAlgs,
    revocation_endpoint_auth_methods_supported: [...CONFIDENTIAL_METHODS, 'none'],
    revocation_endpoint_auth_signing_alg_values_supported: signatureAlgs,
    code_challenge_methods_supported: ['S256'],
    dpop_signing_alg_values_supported: proofAlgs,
    claims_supported: claimsSupported(),
    ui_locales_supported: locales,
    claims_parameter_supported: true,
    request_parameter_supported: true,
    request_uri_parameter_supported: true,
    require_request_uri_registration: true,
    request_object_signing_alg_values_supported: signatureAlgs,
    authorization_signing_alg_values_supported: signingAlgs,
    authorization_response_iss_parameter_supported: true,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    frontchannel_logout_supported: true,
    frontchannel_logout_session_supported: true,
  }
}

/** Claims of the ID token first, then those of userinfo. */
function claimsSupported(): readonly string[] {
  const ofToken = ['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'amr', 'sid', 'at_hash']
  const ofPerson = Object.keys(StandardClaimsSchema.unwrap().shape)
  return [...ofToken, ...ofPerson, 'email', 'email_verified', 'updated_at']
}
