/** Text of a mail. */
export interface Mail {
  readonly subject: string;
  /** Body as plain text, without HTML tags. */
  readonly body: string;
}

/**
 * Reads subject and text of a mail in the form in which it is sent: headers, an empty line, and the body, which may have parts
 * and encodings. Of alternative parts the plain text is read; attachments are left out.
 *
 * @see RFC 5322 (headers), RFC 2045 and 2046 (parts, encodings), RFC 2047 (encoded words in headers)
 */
export function readMail(raw: string): Mail {
  const { headers, body } = split(raw.replaceAll(/\r\n?/g, '\n'));
  return { subject: decodeWords(headers.get('subject') ?? '').trim(), body: textOf(headers, body, 0) };
}

type Headers = ReadonlyMap<string, string>;

function split(entity: string): { headers: Headers; body: string } {
  const end = entity.startsWith('\n') ? 0 : entity.indexOf('\n\n');
  const head = end < 0 ? entity : entity.slice(0, end);
  const headers = new Map<string, string>();
  for (const line of head.replaceAll(/\n[ \t]+/g, ' ').split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { headers, body: end < 0 ? '' : entity.slice(end + 1) };
}

// Greatest depth of parts within parts, more than any honest mail has.
const DEEPEST = 8;

function textOf(headers: Headers, body: string, depth: number): string {
  const [type = '', ...parameters] = (headers.get('content-type') ?? 'text/plain').split(';');
  const kind = type.trim().toLowerCase();
  const parameter = (name: string): string | undefined =>
    parameters.map((one) => new RegExp(`^\\s*${name}\\s*=\\s*"?([^"]+)`, 'i').exec(one)?.[1]?.trim()).find(Boolean);
  const boundary = parameter('boundary');
  if (kind.startsWith('multipart/') && boundary !== undefined && depth < DEEPEST) {
    const texts = body
      .split(`\n--${boundary}`)
      .slice(1)
      .filter((part) => !part.startsWith('--'))
      .map((part) => split(part.slice(part.indexOf('\n') + 1)))
      .map(({ headers: own, body: content }) => ({
        isHtml: own.get('content-type')?.toLowerCase().startsWith('text/html') ?? false,
        text: textOf(own, content, depth + 1),
      }))
      .filter(({ text }) => text.trim() !== '');
    if (kind !== 'multipart/alternative') return texts.map(({ text }) => text).join('\n\n');
    return (texts.find(({ isHtml }) => !isHtml) ?? texts[0])?.text ?? '';
  }
  // 'multipart' too: some senders declare a body without parts as one, and it is read as text.
  if (!kind.startsWith('text/') && !kind.startsWith('multipart/')) return '';
  const decoded = decode(body, headers.get('content-transfer-encoding') ?? '', parameter('charset') ?? '');
  const text = decoded.replaceAll(/\r\n?/g, '\n');
  return kind === 'text/html' || /<(?:html|body|table|font|br)\b[^>]*>/i.test(text.slice(0, endOfTags(text)))
    ? withoutTags(text)
    : text;
}

function decode(body: string, encoding: string, charset: string): string {
  switch (encoding.trim().toLowerCase()) {
    case 'base64':
      return decodeBytes(fromBase64(body), charset);
    case 'quoted-printable':
      return decodeBytes(fromQuotedPrintable(body.replaceAll(/(?<![ \t])[ \t]*=[ \t]*\n/g, '')), charset);
    default:
      return body;
  }
}

function decodeBytes(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset === '' ? 'latin1' : charset).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes); // an unknown charset
  }
}

function fromBase64(text: string): Uint8Array {
  const digits = text.replaceAll(/[^A-Za-z0-9+/]/g, '');
  // A single base64 digit at the end gives no byte: the mail was cut off.
  return Uint8Array.from(atob(digits.length % 4 === 1 ? digits.slice(0, -1) : digits), (byte) => byte.charCodeAt(0));
}

function fromQuotedPrintable(text: string): Uint8Array {
  const decoded = text.replaceAll(/=([0-9A-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Uint8Array.from(decoded, (character) => Math.min(character.charCodeAt(0), 0xff));
}

const decodeWords = (header: string): string =>
  header.replaceAll(/=\?([^?]+)\?([bq])\?([^?]*)\?=/gi, (_, charset: string, encoding: string, text: string) =>
    decodeBytes(
      encoding.toLowerCase() === 'b' ? fromBase64(text) : fromQuotedPrintable(text.replaceAll('_', ' ')),
      charset,
    ),
  );

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

// Enough for the text that is read of any mail.
const MOST_HTML = 1_000_000;

/** Text of HTML, with paragraphs for blocks. It is only read for its words, and never shown as HTML. */
function withoutTags(html: string): string {
  const text = shown(html.slice(0, MOST_HTML)).replaceAll(/\s+/g, ' ');
  return [BLOCKS, BREAKS, TAGS]
    .reduce(replaceTags, text)
    .replaceAll(/&#(\d{1,6});/g, (_, code: string) => String.fromCodePoint(Math.min(Number(code), 0x10ffff)))
    .replaceAll(/&([a-z]+);/gi, (entity, name: string) => ENTITIES[name.toLowerCase()] ?? entity);
}

type Tags = readonly [tag: RegExp, by: string];
const BLOCKS: Tags = [/<\/?(?:p|div|table|tr|td|th|li|ul|ol|h\d|center|blockquote|hr)\b[^>]*>/gi, '\n\n'];
const BREAKS: Tags = [/<br\b[^>]*>/gi, '\n'];
const TAGS: Tags = [/<\/?[a-z!][^>]*>/gi, ''];

/** Index after the last '>', where the last tag ends. To look further from each '<' would take the square of the length. */
const endOfTags = (html: string): number => html.lastIndexOf('>') + 1;

function replaceTags(html: string, [tag, by]: Tags): string {
  const end = endOfTags(html);
  return html.slice(0, end).replaceAll(tag, by) + html.slice(end);
}

const CLOSINGS: Readonly<Record<string, RegExp>> = {
  '!--': /-->/g,
  script: /<\/script\s*>/gi,
  style: /<\/style\s*>/gi,
  head: /<\/head\s*>/gi,
};

/** HTML without comments and elements that pages don't show. An element that is never closed stays, and is searched for once. */
function shown(html: string): string {
  const opening = /<(!--|(?:script|style|head)\b)/gi;
  const unclosed = new Set<string>();
  let kept = '';
  let from = 0;
  for (let open = opening.exec(html); open !== null; open = opening.exec(html)) {
    const kind = open[1].toLowerCase();
    const closing = CLOSINGS[kind];
    closing.lastIndex = opening.lastIndex;
    if (unclosed.has(kind) || !closing.test(html)) {
      unclosed.add(kind);
      continue;
    }
    kept += `${html.slice(from, open.index)} `;
    from = opening.lastIndex = closing.lastIndex;
  }
  return kept + html.slice(from);
}
