import documents from '../../policies/documents.cedar'
import guardrails from '../../policies/guardrails.cedar'
import schema from '../../policies/schema.cedarschema'
import type { PolicySource } from './policy-set.ts'

/** The policies of this deployment, bundled as texts. A test holds this list against the folder. */
export const policyFiles: PolicySource = {
  schema,
  files: [
    { name: 'documents.cedar', text: documents },
    { name: 'guardrails.cedar', text: guardrails },
  ],
}
