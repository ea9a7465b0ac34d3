import { HeedError, type PackageReader } from '@heed/base';
import { codePointsOf } from './code-points.js';
import type { CaptionLanguage } from './languages.js';

/** What CLDR calls an emoji in a language. */
export interface EmojiName {
  /** Short name: 'woman health worker: medium skin tone'. */
  readonly text: string;
  readonly keywords: readonly string[];
}

/** Packages of CLDR's annotations: of single emoji, and those that CLDR composes of them by its rules. */
export const CLDR_VERSION = '48.2.0';
export const CLDR_PACKAGES = ['cldr-annotations-full', 'cldr-annotations-derived-full'] as const;

interface Annotations {
  readonly annotations: Readonly<
    Record<string, { readonly default?: readonly string[]; readonly tts?: readonly string[] }>
  >;
}

/**
 * Names of all emoji in a language, by the emoji without signs for colours.
 *
 * @throws HeedError DATA_MISSING, FILE_ACCESS, FILE_INVALID
 */
export async function readNames(language: CaptionLanguage, files: PackageReader): Promise<Map<string, EmojiName>> {
  const names = new Map<string, EmojiName>();
  for (const [name, folder] of [
    [CLDR_PACKAGES[0], 'annotations'],
    [CLDR_PACKAGES[1], 'annotationsDerived'],
  ] as const) {
    const read = await files(name, CLDR_VERSION);
    const path = `${folder}/${language}/annotations.json`;
    const json = JSON.parse(new TextDecoder().decode(await read(path))) as Readonly<Record<string, Annotations>>;
    const all = json[folder]?.annotations;
    if (all === undefined) throw new HeedError('FILE_INVALID', { message: `${name}: ${path} has no ${folder}` });
    for (const [emoji, { default: keywords = [], tts }] of Object.entries(all)) {
      if (tts?.[0] === undefined) continue;
      names.set(String.fromCodePoint(...codePointsOf(emoji)), { text: tidy(tts[0]), keywords: keywords.map(tidy) });
    }
  }
  return names;
}

/** A name with plain spaces: before a colon French has narrow ones. */
const tidy = (name: string): string => name.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
