import type { PlainError } from './protocol.js';

/**
 * Address of what is written about an error's code: on the site that this page is part of, which says where in a `<meta>`, or else on the one that
 * Heed's packages name.
 */
export function errorPage({ code, help }: PlainError): string | undefined {
  const site = document.querySelector<HTMLMetaElement>('meta[name=heed-errors]')?.content;
  return site === undefined || code === 'UNEXPECTED' ? help : `${site}#${code}`;
}
