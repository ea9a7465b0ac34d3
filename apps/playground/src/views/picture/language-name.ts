/** Name of a language in another one: 'German', '德语'; its tag where it has none. */
export function languageName(tag: string, inLanguage: string): string {
  try {
    return new Intl.DisplayNames([inLanguage], { type: 'language' }).of(tag) ?? tag;
  } catch {
    // What somebody called a language needn't be a tag.
    return tag;
  }
}
