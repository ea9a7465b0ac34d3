import { formatFigure } from '@heed/models/card';

/** Figures by their names alone: 'token error rate 13.1 %, sequence error rate 45.6 %'. */
export function figuresInWords(figures: Readonly<Record<string, number>>): string {
  return Object.entries(figures)
    .map(([key, value]) => `${words(key)} ${shareOrNumber(key)(value)}`)
    .join(', ');
}

/** How a figure of a name is written: '13.1 %' or '0.531'. */
export const shareOrNumber =
  (key: string): ((value: number) => string) =>
  (value) =>
    formatFigure(value, isShare(key) ? 'share' : 'number');

const isShare = (key: string): boolean => /(rate|accuracy|f1|match|support)/i.test(key);

/** 'tokenErrorRate' as 'token error rate' */
export const words = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
