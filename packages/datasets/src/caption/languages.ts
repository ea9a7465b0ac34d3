/** Languages of the captions. */
export const CAPTION_LANGUAGES = ['en', 'de', 'fr', 'zh'] as const;
export type CaptionLanguage = (typeof CAPTION_LANGUAGES)[number];
