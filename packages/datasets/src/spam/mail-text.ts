import type { Mail } from './mime.js';

/** Greatest number of sentences of a mail, with `MOST_WORDS` words each; the rest of a longer mail is left out. */
export const MOST_SENTENCES = 16;
export const MOST_WORDS = 20;

// Sixteen sentences never need more; some mails have megabytes.
const MOST_CHARACTERS = 20_000;

/**
 * Text that the sender of a mail wrote: without quoted lines, signatures, and the text that mailing lists add to subject and
 * body, which would show the list instead of the kind of mail.
 */
export function ownText({ subject, body }: Mail): Mail {
  const kept = body
    .slice(0, MOST_CHARACTERS)
    .replaceAll(/^-{5,} Yahoo! Groups Sponsor [\s\S]*?~->$/gm, '')
    .replaceAll(/^-----BEGIN PGP SIGNATURE-----[\s\S]*?-----END PGP SIGNATURE-----$/gm, '')
    .replaceAll(/^-----BEGIN PGP SIGNED MESSAGE-----\n(?:Hash: .*\n)?/gm, '')
    .split('\n')
    .filter((line) => !QUOTED.test(line))
    .join('\n');
  const end = kept.search(FOOTER);
  return {
    subject: subject
      .replaceAll(/\[[^\]]{1,30}\]/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
    body: (end < 0 ? kept : kept.slice(0, end)).replaceAll(/\n{3,}/g, '\n\n').trim(),
  };
}

const QUOTED =
  /^\s*(?:[>|]|\w{1,4}>|(?:on|at)\b.*\bwrote:?\s*$|.{1,80}\b(?:wrote|writes|said):\s*$|-+\s*original message\s*-+)/i;
const FOOTER =
  /^(?:-- ?$|_{10,}\s*$|-{20,}\s*\n\s*this sf\.net email|to unsubscribe from this group, send|your use of yahoo! groups)/im;

/** A mail as text, which `parseMail` reads. */
export const writeMail = ({ subject, body }: Mail): string => `Subject: ${subject}\n\n${body}`;

/**
 * Sentences of a mail as words, the subject first; a sentence that is too long continues as another one. Words are in lower
 * case; an address, a link, a number and an amount of money are one symbol each, and !, ? and % are words.
 */
export function sentencesOf({ subject, body }: Mail): string[][] {
  const texts = [subject, ...body.split(/\n\s*\n|(?<=[.!?])\s+/)];
  const sentences = texts.flatMap((text) => {
    const words = wordsOf(text);
    return Array.from({ length: Math.ceil(words.length / MOST_WORDS) }, (_, n) =>
      words.slice(n * MOST_WORDS, (n + 1) * MOST_WORDS),
    );
  });
  return sentences.filter((words) => words.some((word) => /[a-z]/.test(word))).slice(0, MOST_SENTENCES);
}

// A longer run of letters is part of an encoded file.
const LONGEST_WORD = 24;

function wordsOf(text: string): string[] {
  const plain = text
    .toLowerCase()
    .replaceAll(/[\w.+-]+@[\w-]+(?:\.[\w-]+)*/g, ' <address> ')
    .replaceAll(
      /(?:https?|ftp):\/\/[^\s<>"]+|\bwww\.[^\s<>"]+|\b[\w-]+\.(?:com|net|org|biz|info)\b[^\s<>"]*/g,
      ' <link> ',
    )
    .replaceAll(/[$£€]\s?\d[\d.,]*\d|[$£€]\s?\d/g, ' <money> ')
    .replaceAll(/\d[\d.,:/-]*\d|\d/g, ' <number> ');
  return (plain.match(/<(?:address|link|money|number)>|[a-z]+(?:['’][a-z]+)*|[!?%]/g) ?? []).filter(
    (word) => word.length <= LONGEST_WORD,
  );
}
