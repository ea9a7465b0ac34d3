import { HeedError } from '@heed/base';
import type { PackageReader } from '@heed/base';
import { packageFiles } from '../package-files.js';
import { fromPseudo } from './pseudo.js';

/** Languages to translate into, by the tag that people type. */
export const LANGUAGES = ['fr', 'de', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** One text of the user interface in every language. */
export type Row = Readonly<Record<'en' | Language, string>>;

/** Names of the packs. English is there only as the pseudo language. */
const PACKS = { en: 'qps-ploc', fr: 'fr', de: 'de', zh: 'zh-hans' } as const;
/** Version of the packs, as in package.json. */
export const PACK_VERSION = '25.1.2';
export const packName = (language: keyof typeof PACKS): string =>
  `@codingame/monaco-vscode-language-pack-${PACKS[language]}`;

/**
 * Reads the texts of VS Code's language packs, which npm has for Monaco: one array for each language, with the same text at the
 * same index.
 *
 * @throws HeedError DATA_MISSING, FILE_ACCESS; FILE_INVALID when a pack isn't what version 25.1.2 is
 */
export async function readPacks(files: PackageReader = packageFiles): Promise<Row[]> {
  const [en, fr, de, zh] = await Promise.all([
    readPack('en', files),
    readPack('fr', files),
    readPack('de', files),
    readPack('zh', files),
  ]);
  if ([fr, de, zh].some(({ length }) => length !== en.length)) {
    throw new HeedError('FILE_INVALID', {
      message: `translate: the packs have ${[en, fr, de, zh].map(({ length }) => length).join(', ')} texts`,
      hint: `install all of them at ${PACK_VERSION}`,
    });
  }
  return en.flatMap((pseudo, i) => {
    const row = [pseudo, fr[i], de[i], zh[i]];
    // The arrays have an index for each message of VS Code; messages that the packs leave out are undefined.
    if (row.some((text) => typeof text !== 'string')) return [];
    return [{ en: fromPseudo(pseudo!), fr: fr[i]!, de: de[i]!, zh: zh[i]! }];
  });
}

async function readPack(language: keyof typeof PACKS, files: PackageReader): Promise<readonly (string | undefined)[]> {
  const name = packName(language);
  const read = await files(name, PACK_VERSION);
  const path = 'translations/main.i18n.json.js';
  const source = new TextDecoder().decode(await read(path));
  const list = /^var content = (\[[^]*\]);\s*export\b/.exec(source)?.[1];
  try {
    // The list is JSON except for its gaps. The replacement can't change a text, since no text begins a line.
    const texts: unknown = JSON.parse(list!.replaceAll(/^\tundefined(?=,?$)/gm, '\tnull'));
    return (texts as (string | null)[]).map((text) => text ?? undefined);
  } catch (cause) {
    throw new HeedError('FILE_INVALID', { message: `${name}: ${path} is not a list of texts`, cause });
  }
}
