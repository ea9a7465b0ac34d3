/** Joins emoji into one; asks for colours, which says nothing of what is meant. */
const JOINER = 0x200d;
const COLOURED = 0xfe0f;

/** Code points of an emoji, without those that only ask for colours: so all sources write it alike. */
export const codePointsOf = (emoji: string): number[] =>
  Array.from(emoji, (sign) => sign.codePointAt(0)!).filter((point) => point !== COLOURED);

/** An emoji without the signs that only ask for colours, of its code points in hexadecimal: '1F469-200D-2695-FE0F'. */
export const emojiNamed = (name: string): string =>
  name
    .split('-')
    .map((point) => Number.parseInt(point, 16))
    .filter((point) => point !== COLOURED)
    .map((point) => String.fromCodePoint(point))
    .join('');

/** The emoji that are joined into one, each as its code points. */
export function joinedIn(emoji: string): number[][] {
  const all: number[][] = [[]];
  for (const point of codePointsOf(emoji)) {
    if (point === JOINER) all.push([]);
    else all.at(-1)!.push(point);
  }
  return all;
}

/** The emoji of joined ones. */
export const joinedOf = (parts: readonly (readonly number[])[]): string =>
  parts.map((points) => String.fromCodePoint(...points)).join(String.fromCodePoint(JOINER));
