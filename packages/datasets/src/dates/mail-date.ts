/**
 * Date of a mail's header, 'Thu, 26 Nov 2026 10:00:00 +0100', without time and zone: the day is already that of the place where
 * the mail was written. Undefined for a text of another form.
 *
 * @param text folded, see `foldCharacters`
 * @see RFC 5322, §3.3, with years of four digits only
 */
export const dateOfMail = (text: string): string | undefined => MAIL_DATE.exec(text)?.groups?.['date'];

const WEEKDAY = '(?:mon|tue|wed|thu|fri|sat|sun)';
const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)';
const TIME = String.raw`\d{1,2}:\d{2}(?::\d{2})?`;
const ZONE = String.raw`(?:[+-]\d{4}|[a-z]{1,5})(?: \([^()]*\))?`;
const MAIL_DATE = new RegExp(
  `^(?:date: ?)?(?<date>(?:${WEEKDAY}, ?)?\\d{1,2} ${MONTH} \\d{4}) ${TIME}(?: ${ZONE})?$`,
  'i',
);
