import type { InEachLocale } from '../../http/locale.ts'

export interface ClientLinksWords {
  readonly policy: string
  readonly terms: string
}

export const clientLinksWords: InEachLocale<ClientLinksWords> = {
  en: { policy: 'Privacy policy', terms: 'Terms of service' },
  de: { policy: 'Datenschutzerklärung', terms: 'Nutzungsbedingungen' },
}
