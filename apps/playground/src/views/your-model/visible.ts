/**
 * Lines of a list that are to be drawn: those that can be seen of a box that is scrolled, and some around them.
 *
 * @param box its scrolled and its visible height, in pixels
 * @param line height of a line
 */
export function visibleLines(
  box: { readonly top: number; readonly height: number },
  line: number,
  count: number,
): readonly [from: number, to: number] {
  const from = Math.floor(box.top / line) - AROUND;
  const to = Math.ceil((box.top + box.height) / line) + AROUND;
  return [Math.min(Math.max(from, 0), count), Math.min(Math.max(to, 0), count)];
}

/** Lines above and below those that can be seen, so that scrolling shows no gap. */
const AROUND = 10;
