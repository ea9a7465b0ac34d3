import { DATE_LOCALES, type DateLocale } from './styles.js';

/**
 * The locale of the data that a tag means, in any spelling: 'EN-us', 'de_DE', 'iw', and 'ar' or 'en' for the region where most
 * of its speakers are. Undefined for a tag of another region, which may write dates in another way, and for what is no tag.
 *
 * @see Unicode Technical Standard 35, "Likely Subtags"
 */
export function dateLocaleOf(tag: string): DateLocale | undefined {
  const whole = maximal(tag.replaceAll('_', '-'));
  return whole === undefined ? undefined : DATE_LOCALES.find((known) => maximal(known) === whole);
}

/** With its script and region: 'ar-Arab-EG' for 'ar'. */
function maximal(tag: string): string | undefined {
  try {
    return new Intl.Locale(tag).maximize().toString();
  } catch {
    return undefined; // no tag
  }
}
