/** Endings of the names of files that are pictures, in small letters. */
export const PICTURE_ENDINGS: readonly string[] = ['.png', '.jpg', '.jpeg', '.webp'];

/** Whether a name ends as one of these, in letters of any case. */
export const endsWithOneOf = (name: string, endings: readonly string[]): boolean =>
  endings.some((ending) => name.toLowerCase().endsWith(ending));
