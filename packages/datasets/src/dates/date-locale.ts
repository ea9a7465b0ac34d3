import { DATE_LOCALES, type DateLocale } from './styles.js';

/**
 * Locale of the data for a language tag, in any spelling: 'EN-us', 'de_DE', 'iw'. A tag without a region, such as 'ar' or 'en',
 * means the region with most speakers. Undefined for a region that the data don't have, which may write dates in another way,
 * and for a text that isn't a tag.
 *
 * @see Unicode Technical Standard 35, "Likely Subtags"
 */
export function dateLocaleOf(tag: string): DateLocale | undefined {
  const whole = maximal(tag.replaceAll('_', '-'));
  return whole === undefined ? undefined : DATE_LOCALES.find((known) => maximal(known) === whole);
}

/** A tag with its likely script and region: 'ar-Arab-EG' for 'ar'; undefined for a text that isn't a tag. */
function maximal(tag: string): string | undefined {
  try {
    return new Intl.Locale(tag).maximize().toString();
  } catch {
    return undefined; // not a tag
  }
}
