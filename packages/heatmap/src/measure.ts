import stringWidth from 'string-width';

/** Pixels of the monospaced font of maps. */
export const FONT = 13;

/** Its advance in em. */
export const ADVANCE = 0.61;

/** Wide characters take two advances, which is what the terminal's rule says too. */
export const textWidth = (text: string, font = FONT): number => stringWidth(text) * font * ADVANCE;
