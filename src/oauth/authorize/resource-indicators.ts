import { requestedResourcesMax, urlCharactersMax } from '../../platform/bounds.ts'

/**
 * Whether a text can name a resource: an absolute URI without a fragment.
 *
 * @see RFC 8707 §2
 */
export function isResourceIndicator(text: string): boolean {
  return text.length <= urlCharactersMax && !text.includes('#') && URL.canParse(text)
}

/** The resources that are asked for, each once and in one order, so that the same set is the same consent. */
export function requestedResources(resource: readonly string[] | undefined): readonly string[] {
  return [...new Set(resource ?? [])].toSorted()
}

export function areTooMany(resource: readonly string[]): boolean {
  return resource.length > requestedResourcesMax
}
