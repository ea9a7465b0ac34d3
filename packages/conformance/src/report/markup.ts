/** Markup that is put into a page unchanged; everything else is escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | false | undefined | readonly Part[];

/** Template tag that escapes values, for text and for attributes in double quotes. The value false becomes empty. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((string, n) => string + (n < parts.length ? textOf(parts[n]) : '')).join(''));
}

function textOf(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (Array.isArray(part)) return (part as readonly Part[]).map(textOf).join('');
  return part === undefined || part === false ? '' : escape(String(part as string | number));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// Control characters but tab and line feed, invisible formatting (which may reorder text), halves of surrogate pairs.
const UNSAFE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}]/gu;

function escape(text: string): string {
  return text.replaceAll(UNSAFE, '\ufffd').replaceAll(/[&<>"']/g, (character) => ENTITIES[character]);
}
