/** Sides on which a frame may have more than it shows. */
export const SIDES = ['left', 'right', 'top', 'bottom'] as const;
export type Side = (typeof SIDES)[number];

// Fractions of a pixel, which a zoomed page has, don't count.
const SLACK = 1;

type Scrolled = Pick<
  HTMLElement,
  'scrollLeft' | 'scrollTop' | 'scrollWidth' | 'scrollHeight' | 'clientWidth' | 'clientHeight'
>;

export function moreOf(frame: Scrolled): Readonly<Record<Side, boolean>> {
  const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = frame;
  return {
    left: scrollLeft > SLACK,
    right: scrollLeft + clientWidth < scrollWidth - SLACK,
    top: scrollTop > SLACK,
    bottom: scrollTop + clientHeight < scrollHeight - SLACK,
  };
}
