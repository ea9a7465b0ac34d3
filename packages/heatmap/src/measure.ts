import stringWidth from 'fast-string-width';

/** Size of the monospaced font of maps, in pixels. */
export const FONT = 13;

/** Advance (width of a character) of that font, in em. */
export const ADVANCE = 0.61;

/** Width of a text, in pixels; wide characters take two advances, as in a terminal. */
export const textWidth = (text: string, font = FONT): number => stringWidth(text) * font * ADVANCE;
