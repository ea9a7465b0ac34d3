import { checkOptions, type OptionNames } from '@heed/base';
import stringWidth from 'fast-string-width';
import { endsOf } from '../legend.js';
import { CELL, PAINTERS, scaleOf, type TerminalColors } from '../terminal-scale.js';
import { clean, pad, truncate } from '../text.js';
import {
  checkOverlays,
  hasSentinel,
  type AttentionOverlays,
  type CheckedOverlay,
  type OverlayStep,
} from './attention-overlay.js';
import { describeLook } from './describe-look.js';
import { fieldOf, type Size } from './field.js';
import { halfBlocks } from './half-blocks.js';
import { resized } from './picture.js';
import {
  domainOfStep,
  OVERLAY_OPTIONS,
  overlayLook,
  scaleLook,
  type OverlayLook,
  type OverlayOptions,
} from './scale.js';
import { shaded } from './shade.js';
import { percent } from './words.js';
import { wrapped } from './wrapped.js';

export interface OverlayTerminalOptions extends OverlayOptions {
  /** Colours that the terminal has. Default 'plain': the cells in characters, and a sentence for each word. */
  readonly colors?: TerminalColors;
  /** Width of the terminal, in columns. Default 80. */
  readonly width?: number;
}

const OPTIONS: OptionNames<OverlayTerminalOptions> = { ...OVERLAY_OPTIONS, colors: true, width: true };

/**
 * Overlays as text for a terminal, several words abreast: the picture in half blocks with the map over it, below each the word and its
 * sentinel. Without colours a map in characters, and sentences of where each word looked. It ends with a line feed.
 */
export function renderOverlayTerminal(overlays: AttentionOverlays, given: OverlayTerminalOptions = {}): string {
  checkOptions('renderOverlayTerminal', given, OPTIONS);
  const { colors = 'plain', width = 80, ...options } = given;
  const checked = checkOverlays(overlays);
  const terminal = { colors, width, look: overlayLook(checked, options) };
  return checked.map((overlay) => `${linesOf(overlay, terminal).join('\n')}\n`).join('\n');
}

interface Terminal {
  readonly colors: TerminalColors;
  readonly width: number;
  readonly look: OverlayLook;
}

/** Columns of a panel, unless the terminal has fewer: four are abreast in 80 columns. */
const PANEL = 18;
/** Columns of each frame of a film, whose strips are below each other. */
const FRAME = 12;
const GAP = 2;
// A narrow, high picture is at most so many times as high as its panel is wide.
const MOST_HIGH = 2;
const LONGEST_WORD = 40;

function linesOf(overlay: CheckedOverlay, terminal: Terminal): string[] {
  const { colors, width, look } = terminal;
  const { title, steps, grid, frames } = overlay;
  const head = title === '' ? [] : [truncate(clean(title), width)];
  const scale = steps.length === 0 ? [] : [scaleLine(terminal)];
  if (colors !== 'plain') return [...head, ...abreast(paintedPanels(overlay, colors, terminal), width), ...scale];
  const sentences = steps.flatMap((step) =>
    wrapped(describeLook({ ...step, word: truncate(clean(step.word), LONGEST_WORD) }, grid, look.words, frames), width),
  );
  const isTooWide = grid[1] * CELL > width;
  const panels = steps.map((step) => writtenPanel(step, overlay, look));
  const drawn = isTooWide ? [] : [...abreast(panels, width), ...scale];
  return [
    ...head,
    ...drawn,
    ...(steps.length === 0 ? [truncate(clean(look.words.summary(overlay)), width)] : sentences),
  ];
}

/** Lines of equal width. */
interface Panel {
  readonly width: number;
  readonly lines: readonly string[];
}

/** Panels side by side as far as they fit, and on below. */
function abreast(panels: readonly Panel[], width: number): string[] {
  const perRow = Math.max(1, Math.floor((width + GAP) / ((panels[0]?.width ?? 0) + GAP)));
  const lines: string[] = [];
  for (let start = 0; start < panels.length; start += perRow) {
    const row = panels.slice(start, start + perRow);
    const height = Math.max(...row.map((panel) => panel.lines.length));
    for (let n = 0; n < height; n++) {
      const line = row.map((panel) => pad(panel.lines[n] ?? '', panel.width)).join(' '.repeat(GAP));
      lines.push(line.trimEnd());
    }
    lines.push('');
  }
  return lines;
}

/** The picture alone, and with each word's map over it. */
function paintedPanels(
  overlay: CheckedOverlay,
  colors: Exclude<TerminalColors, 'plain'>,
  { width, look }: Terminal,
): Panel[] {
  const { picture, steps, frames } = overlay;
  const columns = Math.min(frames === 1 ? PANEL : frames * FRAME, width);
  const size = sizeIn(picture, columns);
  const pixels = resized(picture, size);
  const withBar = hasSentinel(overlay);
  const alone: Panel = {
    width: columns,
    lines: [...halfBlocks(pixels, colors), truncate(clean(look.words.picture), columns)],
  };
  const words = steps.map((step): Panel => {
    const seen = shaded(pixels, fieldOf(step, overlay, size, look.drawn), domainOfStep(step, look));
    const bar = withBar ? [sentinelBar(step, look, columns)] : [];
    return { width: columns, lines: [...halfBlocks(seen, colors), truncate(clean(step.word), columns), ...bar] };
  });
  return [alone, ...words];
}

function sizeIn({ width, height }: Size, columns: number): Size {
  const scale = Math.min(columns / width, (MOST_HIGH * columns) / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Share that looked at no part of the picture, as a bar with its number. */
function sentinelBar({ sentinel }: OverlayStep, { words }: OverlayLook, columns: number): string {
  if (sentinel === undefined) return '';
  const text = truncate(`${percent(sentinel)} ${clean(words.noPart)}`, columns);
  const length = Math.max(0, columns - stringWidth(text) - 1);
  const full = Math.min(length, Math.round(sentinel * length));
  return `${'█'.repeat(full)}${'░'.repeat(length - full)}${length > 0 ? ' ' : ''}${text}`;
}

/** The cells of a word's map in characters, as a heatmap without colours has them. */
function writtenPanel(step: OverlayStep, { grid: [rows, columns] }: CheckedOverlay, look: OverlayLook): Panel {
  const width = Math.max(PANEL, columns * CELL);
  const domain = domainOfStep(step, look);
  const lines = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) =>
      PAINTERS.plain(step.weights[row * columns + column], domain, CELL),
    ).join(''),
  );
  const edge = `${'-'.repeat(columns * CELL)}`;
  return { width, lines: [edge, ...lines, edge, truncate(clean(step.word), width)] };
}

function scaleLine({ colors, look, width }: Terminal): string {
  const scale = scaleLook(look);
  const { text, width: length } = scaleOf(PAINTERS[colors], scale.domain, endsOf(scale));
  return length <= width ? text : truncate(clean(look.words.greatest), width);
}
