/** A text that may come from anywhere, without what would move the cursor or change the terminal. */
export const plain = (text: string): string =>
  text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll('\t', ' ')
    .replaceAll(/[^\P{Cc}\n]/gu, '');

/** The same of a text that may have many lines, as a title: its first line, and how many there are. */
export function glance(text: string): string {
  const lines = plain(text).split('\n');
  const first = lines.find((line) => line.trim() !== '') ?? '';
  return lines.length === 1 ? first : `${first.trim()} … (${lines.length} lines)`;
}
