import { clean, shortNumber } from '../text.js';
import type { AttentionOverlay } from './attention-overlay.js';
import type { Place, Region } from './regions.js';

/** Where a word looked: shares of its attention, from 0 to 1. */
export interface WordLook {
  readonly word: string;
  /** Regions, or frames of a film by their numbers, that hold most of what looked at the picture, the strongest first; empty when it is spread over more than three. */
  readonly regions: readonly { readonly region: Place; readonly share: number }[];
  /** Share that looked at the picture. */
  readonly seen: number;
  /** Share that looked at no part of the picture; undefined when nothing is known of it. */
  readonly sentinel: number | undefined;
}

/** Words that a drawn overlay says by itself; the words of its steps belong to the overlay. */
export interface OverlayWords {
  /** Language tag of a page: 'en', 'zh-Hans'. */
  readonly language: string;
  readonly regions: Readonly<Record<Region, string>>;
  /** Name of a frame of a film, counted from 1: "frame 3". */
  frame(number: number): string;
  /** Sentence of where a word looked: "'red': 71 % on the upper middle, 8 % at no part". */
  look(look: WordLook): string;
  /** Name of the share that looked at no part of the picture. */
  readonly noPart: string;
  /** Name of the picture without a map over it. */
  readonly picture: string;
  /** Name of a column of words. */
  readonly word: string;
  /** Name of the words to choose from. */
  readonly words: string;
  /** Description of a cell, counted from 1: "row 1, column 2: 0.31". */
  cell(row: number, column: number, weight: number): string;
  /** Name of the greatest weight of a word, where each word has its own scale. */
  readonly greatest: string;
  /** Heading of an overlay's numbers. */
  readonly table: string;
  /** Summary of an overlay: "Attention over a picture, 4 words". */
  summary(overlay: AttentionOverlay): string;
}

/** Name of a region, or of a frame. */
export const nameOfPlace = (place: Place, { regions, frame }: Pick<OverlayWords, 'regions' | 'frame'>): string =>
  typeof place === 'number' ? frame(place) : regions[place];

/** A share as a percentage; what is little but not nothing says so. */
export function percent(share: number): string {
  const rounded = Math.round(100 * share);
  return rounded === 0 && share > 0 ? '< 1 %' : `${rounded} %`;
}

export const OVERLAY_ENGLISH: OverlayWords = {
  language: 'en',
  regions: {
    'upper left': 'upper left',
    'upper middle': 'upper middle',
    'upper right': 'upper right',
    left: 'left',
    middle: 'middle',
    right: 'right',
    'lower left': 'lower left',
    'lower middle': 'lower middle',
    'lower right': 'lower right',
  },
  frame: (number) => `frame ${number}`,
  look: ({ word, regions, seen, sentinel }) => {
    const places =
      regions.length > 0
        ? regions.map(
            ({ region, share }) =>
              `${percent(share)} on ${typeof region === 'number' ? '' : 'the '}${nameOfPlace(region, OVERLAY_ENGLISH)}`,
          )
        : [seen > 0 ? `${percent(seen)} all over the picture` : 'nothing of the picture'];
    const rest = sentinel === undefined ? [] : [`${percent(sentinel)} at no part`];
    return `'${clean(word)}': ${[...places, ...rest].join(', ')}`;
  },
  noPart: 'no part',
  picture: 'picture',
  word: 'word',
  words: 'Words',
  cell: (row, column, weight) => `row ${row}, column ${column}: ${shortNumber(weight)}`,
  greatest: 'greatest of the word',
  table: 'Table',
  summary: ({ title = '', steps }) => {
    const size = `attention over a picture, ${steps.length} ${steps.length === 1 ? 'word' : 'words'}`;
    return title === '' ? `A${size.slice(1)}` : `${clean(title)}: ${size}`;
  },
};

export const OVERLAY_CHINESE: OverlayWords = {
  language: 'zh-Hans',
  regions: {
    'upper left': '左上方',
    'upper middle': '上方中间',
    'upper right': '右上方',
    left: '左边',
    middle: '中间',
    right: '右边',
    'lower left': '左下方',
    'lower middle': '下方中间',
    'lower right': '右下方',
  },
  frame: (number) => `第 ${number} 帧`,
  look: ({ word, regions, seen, sentinel }) => {
    const places =
      regions.length > 0
        ? regions.map(({ region, share }) => `${percent(share)} 看${nameOfPlace(region, OVERLAY_CHINESE)}`)
        : [seen > 0 ? `${percent(seen)} 分散在整张图片上` : '没有看图片'];
    const rest = sentinel === undefined ? [] : [`${percent(sentinel)} 不看图片`];
    return `“${clean(word)}”：${[...places, ...rest].join('，')}`;
  },
  noPart: '不看图片',
  picture: '图片',
  word: '词',
  words: '词',
  cell: (row, column, weight) => `第 ${row} 行第 ${column} 列：${shortNumber(weight)}`,
  greatest: '每个词的最大权重',
  table: '表格',
  summary: ({ title = '', steps }) => {
    const size = `图片上的注意力，${steps.length} 个词`;
    return title === '' ? size : `${clean(title)}：${size}`;
  },
};
