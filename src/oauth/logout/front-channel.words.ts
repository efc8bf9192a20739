import type { InEachLocale } from '../../http/locale.ts'

interface FrontChannelWords {
  readonly title: string
  readonly heading: string
  readonly explanation: string
  readonly onward: string
  readonly frame: string
}

export const frontChannelWords: InEachLocale<FrontChannelWords> = {
  en: {
    title: 'Signed out',
    heading: 'You are signed out',
    explanation: 'The applications that you used are being told. This takes a moment.',
    onward: 'Continue',
    frame: 'An application signs you out',
  },
  de: {
    title: 'Abgemeldet',
    heading: 'Sie sind abgemeldet',
    explanation:
      'Die Anwendungen, die Sie benutzt haben, werden benachrichtigt. Das dauert einen Augenblick.',
    onward: 'Weiter',
    frame: 'Eine Anwendung meldet Sie ab',
  },
}
