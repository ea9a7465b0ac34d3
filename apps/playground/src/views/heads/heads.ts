import type { HeadLayer, HeadPlace } from '@heed/networks';

/** Heads as data that can be sent to a worker: a state of the page is a proxy, which can't. */
export const plain = (off: readonly HeadPlace[]): HeadPlace[] => off.map(({ layer, head }) => ({ layer, head }));

export const isOff = (off: readonly HeadPlace[], { layer, head }: HeadPlace): boolean =>
  off.some((one) => one.layer === layer && one.head === head);

/** Whether a head is the last one on of those whose mean is shown, so that it has to stay. */
export const hasToStay = (off: readonly HeadPlace[], { key, heads, isShown }: HeadLayer, head: number): boolean =>
  isShown && !isOff(off, { layer: key, head }) && off.filter(({ layer }) => layer === key).length === heads - 1;

/** The heads that are off after one more was switched, on or off. */
export const switched = (off: readonly HeadPlace[], place: HeadPlace): HeadPlace[] =>
  isOff(off, place) ? off.filter(({ layer, head }) => layer !== place.layer || head !== place.head) : [...off, place];
