import type { Domain } from '../attention-map.js';
import { checkOverlays, type AttentionOverlay, type CheckedOverlay } from '../overlay/attention-overlay.js';
import { describeLook } from '../overlay/describe-look.js';
import { overlayLook, type OverlayLook, type OverlayOptions } from '../overlay/scale.js';
import { renderLooks } from '../overlay/table.js';
import { OVERLAY_ENGLISH, type OverlayWords } from '../overlay/words.js';
import { clean } from '../text.js';
import type { Cell } from './cursor.js';
import { Base } from './base.js';
import { nextWord } from './next-word.js';
import { cellAt, placeCursor } from './picture-cells.js';
import { buildOverlay, drawSentinel, paintMap, paintPicture, wordButtons, type OverlayParts } from './overlay-parts.js';

/** Detail of an event: a word and the sentence of where it looked. */
export interface WordDetail {
  readonly step: number;
  readonly word: string;
  readonly sentence: string;
}

/** Detail of an event: a cell of the grid and the weight that the shown word gives it; undefined when no word is shown. */
export interface PictureCellDetail extends Cell {
  readonly weight: number | undefined;
}

interface Events {
  wordmove: WordDetail | null;
  wordpick: WordDetail;
  cellmove: PictureCellDetail | null;
  cellpick: PictureCellDetail;
}

/**
 * Element `<attention-overlay>`: a picture with the map of a word over it. Pointing at a word shows its look, a click or the arrow keys
 * choose it.
 *
 * Events, which don't bubble: `wordmove` with a `WordDetail` for the word that is pointed at, null when the pointer has left; `wordpick`
 * for the word that is chosen; `cellmove` and `cellpick` with a `PictureCellDetail` for places of the picture. Attributes: `view="table"`
 * shows the numbers; `drawn="cells"` and `scale="shared"` are options of the renderers.
 */
export class AttentionOverlayElement extends Base {
  static readonly observedAttributes = ['view', 'drawn', 'scale'];

  readonly #parts: OverlayParts;
  #overlay: CheckedOverlay | undefined;
  #given: Domain | undefined;
  #words: OverlayWords = OVERLAY_ENGLISH;
  #look: OverlayLook = overlayLook([], {});
  #step: number | undefined = 0;
  #pointed: number | undefined;
  #cell: Cell | undefined;

  constructor() {
    super();
    this.#parts = buildOverlay(this.attachShadow({ mode: 'open' }));
    const { words, picture } = this.#parts;
    words.addEventListener('pointerover', ({ target }) => this.#point(stepOf(target)));
    words.addEventListener('pointerleave', () => this.#point(undefined));
    words.addEventListener('click', ({ target }) => this.#choose(stepOf(target)));
    words.addEventListener('keydown', (event) => this.#onKey(event));
    picture.addEventListener('pointermove', (event) => this.#moveTo(this.#cellAt(event)));
    picture.addEventListener('pointerleave', () => this.#moveTo(undefined));
    picture.addEventListener('click', (event) => this.#emit('cellpick', this.#cellDetail(this.#cellAt(event))));
  }

  attributeChangedCallback(): void {
    this.#draw();
  }

  get overlay(): AttentionOverlay | undefined {
    return this.#overlay;
  }

  /** The overlay, which the page must not change afterwards. Throws the renderers' errors for one that can't be drawn. */
  set overlay(overlay: AttentionOverlay | undefined) {
    const before = this.#overlay;
    this.#overlay = overlay === undefined ? undefined : checkOverlays(overlay)[0];
    this.#pointed = undefined;
    this.#cell = undefined;
    this.#parts.cursor.hidden = true;
    if (this.#overlay !== undefined) {
      // Words that come one by one share their picture, which is painted once.
      if (this.#overlay.picture !== before?.picture) paintPicture(this.#parts, this.#overlay.picture);
      this.#parts.words.innerHTML = wordButtons(this.#overlay);
    }
    this.#draw();
  }

  /** Range of the scale that all words share. Default: see `scale`. */
  set domain(domain: Domain | undefined) {
    this.#given = domain;
    this.#draw();
  }

  get step(): number | undefined {
    return this.#step;
  }

  /** Number of the word that is chosen, the first by default; undefined, or one that isn't there, shows the picture alone. */
  set step(step: number | undefined) {
    this.#step = step;
    this.#show();
  }

  set words(words: OverlayWords | undefined) {
    this.#words = words ?? OVERLAY_ENGLISH;
    this.#draw();
  }

  #draw(): void {
    const { seen, table, words } = this.#parts;
    const overlay = this.#overlay;
    const isTable = this.getAttribute('view') === 'table' && overlay !== undefined;
    seen.hidden = isTable || overlay === undefined;
    table.hidden = !isTable;
    table.innerHTML = isTable ? renderLooks(overlay, this.#words) : '';
    if (overlay === undefined) return;
    this.#look = overlayLook([overlay], { domain: this.#given, words: this.#words, ...optionsOf(this) });
    words.setAttribute('aria-label', this.#words.words);
    table.setAttribute('aria-label', this.#words.summary(overlay));
    this.#show();
  }

  /** Shows the word that is pointed at, or else the one that is chosen. */
  #show(): void {
    const overlay = this.#overlay;
    if (overlay === undefined) return;
    const { picture, words } = this.#parts;
    const shown = this.#shown;
    paintMap(this.#parts, overlay, this.#look, shown);
    drawSentinel(this.#parts, overlay, this.#look, shown);
    picture.setAttribute('aria-label', shown === undefined ? this.#words.picture : this.#sentence(shown));
    this.#read();
    for (const [n, button] of [...words.children].entries()) {
      const isChosen = n === this.#step;
      button.setAttribute('aria-checked', String(isChosen));
      button.setAttribute('part', isChosen ? 'word chosen' : 'word');
      button.classList.toggle('pointed', n === this.#pointed);
      // One of the words is reached by Tab, the others by arrow keys.
      button.setAttribute('tabindex', n === (this.#isThere(this.#step) ? this.#step : 0) ? '0' : '-1');
    }
  }

  get #shown(): number | undefined {
    return [this.#pointed, this.#step].find((step) => this.#isThere(step));
  }

  #isThere = (step: number | undefined): boolean => step !== undefined && this.#overlay?.steps[step] !== undefined;

  #sentence(step: number): string {
    const { steps, grid, frames } = this.#overlay!;
    return describeLook(steps[step], grid, this.#words, frames);
  }

  #detail(step: number): WordDetail {
    return { step, word: clean(this.#overlay!.steps[step].word), sentence: this.#sentence(step) };
  }

  #point(step: number | undefined): void {
    if (step === this.#pointed) return;
    this.#pointed = step;
    this.#show();
    this.#emit('wordmove', step === undefined ? null : this.#detail(step));
  }

  #choose(step: number | undefined): void {
    if (step === undefined) return;
    this.#step = step;
    this.#show();
    this.#emit('wordpick', this.#detail(step));
  }

  #onKey(event: KeyboardEvent): void {
    const from = stepOf(event.target);
    if (from === undefined) return;
    const next = nextWord(from, event.key, this.#overlay!.steps.length);
    if (next === undefined) return;
    event.preventDefault();
    this.#pointed = undefined;
    this.#choose(next);
    (this.#parts.words.children[next] as HTMLElement).focus();
    this.#parts.heard.textContent = this.#sentence(next);
  }

  #cellAt({ clientX, clientY }: MouseEvent): Cell {
    return cellAt(this.#parts.picture.getBoundingClientRect(), { clientX, clientY }, this.#overlay!.grid);
  }

  #moveTo(cell: Cell | undefined): void {
    if (cell?.row === this.#cell?.row && cell?.column === this.#cell?.column) return;
    this.#cell = cell;
    placeCursor(this.#parts.cursor, cell, this.#overlay!.grid);
    this.#read();
    this.#emit('cellmove', cell === undefined ? null : this.#cellDetail(cell));
  }

  /** Writes what is pointed at: a cell, or else where the shown word looked. */
  #read(): void {
    const { readout } = this.#parts;
    const [shown, cell] = [this.#shown, this.#cell];
    if (shown === undefined) readout.textContent = '';
    else if (cell === undefined) readout.textContent = this.#sentence(shown);
    else readout.textContent = this.#words.cell(cell.row + 1, cell.column + 1, this.#cellDetail(cell).weight!);
  }

  #cellDetail({ row, column }: Cell): PictureCellDetail {
    const shown = this.#shown;
    const { grid, steps } = this.#overlay!;
    return { row, column, weight: shown === undefined ? undefined : steps[shown].weights[row * grid[1] + column] };
  }

  #emit<Name extends keyof Events>(type: Name, detail: Events[Name]): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** Options of the renderers that are attributes of an element. */
function optionsOf(element: HTMLElement): Pick<OverlayOptions, 'drawn' | 'scale'> {
  const [drawn, scale] = ['drawn', 'scale'].map((name) => element.getAttribute(name) ?? undefined);
  return { drawn, scale } as Pick<OverlayOptions, 'drawn' | 'scale'>;
}

/** Number of the word that an event is of. */
function stepOf(target: EventTarget | null): number | undefined {
  const n = target instanceof HTMLElement ? target.dataset['n'] : undefined;
  return n === undefined ? undefined : Number(n);
}

/** Registers the element in the page. A second call does nothing. */
export function defineAttentionOverlay(): void {
  if (customElements.get(TAG) === undefined) customElements.define(TAG, AttentionOverlayElement);
}

const TAG = 'attention-overlay';

declare global {
  interface HTMLElementTagNameMap {
    'attention-overlay': AttentionOverlayElement;
  }
}
