import {
  checkMaps,
  domainOf,
  isMasked,
  type AttentionMap,
  type CheckedMap,
  type Domain,
  type LabelledMap,
} from '../attention-map.js';
import type { Look } from '../legend.js';
import { drawPanel, isLarge, layOutPanel, type PanelLayout } from '../panel.js';
import { renderTable, type Region } from '../table.js';
import { clean, shortNumber } from '../text.js';
import { ENGLISH as MAP_WORDS, type MapWords } from '../words.js';
import { escapeXml } from '../xml.js';
import { Base } from './base.js';
import { moved, type Cell } from './cursor.js';
import { fittingCell, naturalCell } from './fitting.js';
import { moreOf, SIDES } from './more.js';
import { cellImage } from './picture.js';
import { STYLE } from './style.js';

/** Detail of an event: a cell with its weight and labels. */
export interface CellDetail extends Cell {
  /** Weight of the cell; without meaning for a masked cell. */
  readonly weight: number;
  readonly masked: boolean;
  readonly rowLabel: string;
  readonly columnLabel: string;
}

/** Words of the element, for pages in other languages. */
export interface HeatmapWords extends Pick<MapWords, 'masked' | 'summary'> {
  /** Description of a cell: "letter g to sound NG, 0.82"; for a masked cell it says that it is masked. */
  cell(cell: CellDetail, map: LabelledMap): string;
  readonly role: string;
  readonly keys: string;
  /** Caption of a table that shows a part of a large map; rows and columns are counted from 1. */
  part(rows: readonly [number, number], columns: readonly [number, number]): string;
}

const ENGLISH: HeatmapWords = {
  ...MAP_WORDS,
  cell: ({ weight, masked, rowLabel, columnLabel }, { rowAxis, columnAxis }) =>
    `${columnAxis} ${columnLabel} to ${rowAxis} ${rowLabel}, ${masked ? MAP_WORDS.masked : shortNumber(weight)}`,
  role: 'heatmap',
  keys: 'Arrow keys move over the cells, plus and minus zoom.',
  part: ([top, bottom], [left, right]) => `rows ${top} to ${bottom}, columns ${left} to ${right}`,
};

// Greatest size of a cell after zooming, in pixels.
const LARGEST_CELL = 64;
// Rows and columns of the table around the cursor when a map is too large for a table of all its cells.
const TABLE_SIDE = 32;

/**
 * Element `<attention-heatmap>`: shows one map, which pointer and keys can explore, and which can be read as a table.
 *
 * Events, which don't bubble: `cellmove`, with a `CellDetail`, or null when the pointer has left the map; `cellpick`, with a
 * `CellDetail`, for a click or Enter. The attribute `view="table"` shows the numbers.
 */
export class AttentionHeatmap extends Base {
  static readonly observedAttributes = ['view'];

  readonly #elements: Elements;
  readonly #resize: ResizeObserver;
  #map: CheckedMap | undefined;
  #given: Domain | undefined;
  #domain: Domain = [0, 1];
  #layout: PanelLayout | undefined;
  #cursor: Cell | undefined;
  #highlight: Partial<Cell> = {};
  #words: HeatmapWords = ENGLISH;
  #zoom = 1;
  #width = 0;

  constructor() {
    super();
    this.#elements = build(this.attachShadow({ mode: 'open' }));
    const { frame } = this.#elements;
    frame.addEventListener('scroll', () => this.#showMore(), { passive: true });
    frame.addEventListener('keydown', (event) => this.#onKey(event));
    frame.addEventListener('pointermove', (event) => this.#moveTo(this.#cellAt(event)));
    frame.addEventListener('pointerleave', () => this.#moveTo(undefined));
    frame.addEventListener('blur', () => this.#moveTo(undefined));
    frame.addEventListener('click', (event) => {
      const cell = this.#cellAt(event);
      this.#moveTo(cell);
      if (cell !== undefined) this.#emit('cellpick', cell);
    });
    this.#resize = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry!.contentRect.width);
      if (width === this.#width) return;
      this.#width = width;
      this.#draw();
    });
  }

  connectedCallback(): void {
    this.#resize.observe(this);
  }

  disconnectedCallback(): void {
    this.#resize.disconnect();
  }

  attributeChangedCallback(): void {
    this.#showView();
  }

  get map(): AttentionMap | undefined {
    return this.#map;
  }

  /** The map, which the page must not change afterwards. Throws the renderers' errors for a map that can't be drawn. */
  set map(map: AttentionMap | undefined) {
    this.#map = map === undefined ? undefined : checkMaps(map)[0];
    this.#cursor = undefined;
    this.#draw();
  }

  /** Range of the scale, by default that of the map. */
  set domain(domain: Domain | undefined) {
    this.#given = domain;
    this.#draw();
  }

  /** Row, column or cell to mark, for instance when the pointer is on another map. */
  set highlight(highlight: Partial<Cell> | undefined) {
    this.#highlight = highlight ?? {};
    this.#drawMarks();
  }

  set words(words: HeatmapWords | undefined) {
    this.#words = words ?? ENGLISH;
    this.#draw();
  }

  /** Doubles (2) or halves (0.5) the size of the cells. */
  zoomBy(factor: number): void {
    this.#zoom = Math.min(LARGEST_CELL, Math.max(1, this.#zoom * factor));
    this.#draw();
    if (this.#cursor !== undefined) this.#reveal(this.#cursor);
  }

  #draw(): void {
    const { frame, stage, canvas, svg, hint, sizer } = this.#elements;
    const map = this.#map;
    frame.hidden = map === undefined;
    if (map === undefined) return;
    const look = { domain: domainOf([map], { domain: this.#given }), words: this.#words };
    this.#domain = look.domain;
    const large = isLarge(map);
    sizer.style.width = `${layOutPanel(map, look, naturalCell(map, large)).width}px`;
    if (this.#width === 0) return;
    const layout = layOutPanel(map, look, this.#cellSize(map, look));
    this.#layout = layout;
    frame.setAttribute('aria-label', this.#words.summary(map));
    frame.setAttribute('aria-roledescription', this.#words.role);
    hint.textContent = this.#words.keys;
    stage.style.width = svg.style.width = `${layout.width}px`;
    stage.style.height = svg.style.height = `${layout.height}px`;
    svg.setAttribute('viewBox', `0 0 ${layout.width} ${layout.height}`);
    svg.innerHTML = drawPanel(map, look, layout, large ? 'none' : 'drawn');
    canvas.hidden = !large;
    if (large) this.#paint(map, layout);
    this.#drawMarks();
    this.#showView();
    this.#showMore();
  }

  /** Shows a sign at each side where more of the map is hidden. */
  #showMore(): void {
    const { frame, box } = this.#elements;
    const more = moreOf(frame);
    box.dataset['more'] = SIDES.filter((side) => more[side]).join(' ');
    // The signs are placed on the map, not on its scrollbars.
    box.style.setProperty('--_width', `${frame.clientWidth}px`);
    box.style.setProperty('--_height', `${frame.clientHeight}px`);
  }

  #paint(map: CheckedMap, { left, top, cell }: PanelLayout): void {
    const { canvas } = this.#elements;
    canvas.width = map.columns;
    canvas.height = map.rows;
    canvas.getContext('2d')!.putImageData(cellImage(map, this.#domain), 0, 0);
    place(canvas, left, top, map.columns * cell, map.rows * cell);
  }

  /** Size of a cell that fits the width. The space around the cells depends on their size, so sizes are tried from large to small. */
  #cellSize(map: CheckedMap, look: Look): number {
    const large = isLarge(map);
    let cell = naturalCell(map, large);
    for (let tries = 0; tries < 3; tries++) {
      const { gridWidth } = layOutPanel(map, look, cell);
      if (gridWidth <= this.#width) break;
      const around = gridWidth - map.columns * cell;
      cell = Math.min(cell, fittingCell(map, this.#width - around, large));
    }
    return Math.min(LARGEST_CELL, Math.max(1, Math.round(cell * this.#zoom)));
  }

  #drawMarks(): void {
    const { cursor, row, column } = this.#elements;
    const [map, layout] = [this.#map, this.#layout];
    if (map === undefined || layout === undefined) return;
    const { left, top, cell } = layout;
    const at = this.#highlight;
    const isRow = at.row !== undefined && at.row < map.rows;
    const isColumn = at.column !== undefined && at.column < map.columns;
    row.hidden = !isRow;
    column.hidden = !isColumn;
    if (isRow) place(row, left, top + at.row! * cell, map.columns * cell, cell);
    if (isColumn) place(column, left + at.column! * cell, top, cell, map.rows * cell);
    cursor.hidden = this.#cursor === undefined;
    if (this.#cursor !== undefined) {
      place(cursor, left + this.#cursor.column * cell, top + this.#cursor.row * cell, cell, cell);
    }
  }

  #cellAt({ clientX, clientY }: MouseEvent): Cell | undefined {
    const [map, layout] = [this.#map, this.#layout];
    if (map === undefined || layout === undefined) return undefined;
    const box = this.#elements.stage.getBoundingClientRect();
    const column = Math.floor((clientX - box.left - layout.left) / layout.cell);
    const row = Math.floor((clientY - box.top - layout.top) / layout.cell);
    return row >= 0 && row < map.rows && column >= 0 && column < map.columns ? { row, column } : undefined;
  }

  #onKey(event: KeyboardEvent): void {
    const map = this.#map;
    // A key may be pressed before the map is drawn.
    if (map === undefined || this.#layout === undefined || map.rows * map.columns === 0) return;
    if (event.key === '+' || event.key === '=') this.zoomBy(2);
    else if (event.key === '-') this.zoomBy(0.5);
    else if (event.key === 'Enter' && this.#cursor !== undefined) this.#emit('cellpick', this.#cursor);
    else {
      const next = moved(this.#cursor ?? { row: 0, column: 0 }, event, map);
      if (next === undefined) return;
      // The first key only shows the cursor.
      const cell = this.#cursor === undefined ? { row: 0, column: 0 } : next;
      this.#moveTo(cell);
      this.#reveal(cell);
      this.#elements.heard.textContent = this.#describe(cell);
    }
    event.preventDefault();
  }

  #moveTo(cell: Cell | undefined): void {
    if (cell?.row === this.#cursor?.row && cell?.column === this.#cursor?.column) return;
    this.#cursor = cell;
    this.#elements.readout.textContent = cell === undefined ? '' : this.#describe(cell);
    this.#drawMarks();
    this.#emit('cellmove', cell);
  }

  #reveal({ row, column }: Cell): void {
    const { frame } = this.#elements;
    const { left, top, cell } = this.#layout!;
    const [x, y] = [left + column * cell, top + row * cell];
    if (x < frame.scrollLeft || x + cell > frame.scrollLeft + frame.clientWidth) {
      frame.scrollLeft = x - frame.clientWidth / 2;
    }
    if (y < frame.scrollTop || y + cell > frame.scrollTop + frame.clientHeight) {
      frame.scrollTop = y - frame.clientHeight / 2;
    }
  }

  #detail({ row, column }: Cell): CellDetail {
    const { weights, rowLabels, columnLabels } = this.#map!;
    return {
      row,
      column,
      weight: weights[row][column],
      masked: isMasked(this.#map!, row, column),
      rowLabel: clean(rowLabels[row]),
      columnLabel: clean(columnLabels[column]),
    };
  }

  #describe(cell: Cell): string {
    return this.#words.cell(this.#detail(cell), this.#map!);
  }

  #emit(type: 'cellmove' | 'cellpick', cell: Cell | undefined): void {
    this.dispatchEvent(new CustomEvent(type, { detail: cell === undefined ? null : this.#detail(cell) }));
  }

  #showView(): void {
    const { box, frame, table, readout } = this.#elements;
    const map = this.#map;
    const isTable = this.getAttribute('view') === 'table' && map !== undefined;
    frame.hidden = isTable || map === undefined;
    box.hidden = readout.hidden = frame.hidden;
    table.hidden = !isTable;
    table.innerHTML = isTable ? this.#table(map) : '';
  }

  #table(map: CheckedMap): string {
    const caption = this.#words.summary(map);
    if (!isLarge(map)) return renderTable(map, escapeXml(caption), this.#words);
    const part = (at: number, length: number): [number, number] => {
      const from = Math.max(0, Math.min(length - TABLE_SIDE, at - TABLE_SIDE / 2));
      return [from, Math.min(length, from + TABLE_SIDE)];
    };
    const at = this.#highlight;
    const region: Region = { rows: part(at.row ?? 0, map.rows), columns: part(at.column ?? 0, map.columns) };
    const counted = ([from, to]: readonly [number, number]): [number, number] => [from + 1, to];
    const shown = this.#words.part(counted(region.rows), counted(region.columns));
    return renderTable(map, escapeXml(`${caption}; ${shown}`), this.#words, region);
  }
}

type Elements = ReturnType<typeof build>;

function build(root: ShadowRoot) {
  root.innerHTML = `<style>${STYLE}</style>
<div class="sizer"></div>
<div class="box"><div class="frame" role="application" tabindex="0" aria-describedby="hint"><div class="stage"><svg aria-hidden="true"></svg>
<canvas hidden></canvas><div class="band" id="row" hidden></div><div class="band" id="column" hidden></div>
<div class="cursor" hidden></div></div></div>${SIDES.map((side) => `<span class="more ${side}" aria-hidden="true"></span>`).join('')}</div>
<p class="readout" aria-hidden="true"></p>
<div class="table" tabindex="0" role="group" hidden></div>
<p id="hint" hidden></p><p class="heard" role="status"></p>`;
  const part = <E extends Element>(selector: string): E => root.querySelector<E>(selector)!;
  return {
    sizer: part<HTMLElement>('.sizer'),
    box: part<HTMLElement>('.box'),
    frame: part<HTMLElement>('.frame'),
    stage: part<HTMLElement>('.stage'),
    svg: part<SVGElement>('svg'),
    canvas: part<HTMLCanvasElement>('canvas'),
    row: part<HTMLElement>('#row'),
    column: part<HTMLElement>('#column'),
    cursor: part<HTMLElement>('.cursor'),
    readout: part<HTMLElement>('.readout'),
    table: part<HTMLElement>('.table'),
    hint: part<HTMLElement>('#hint'),
    heard: part<HTMLElement>('.heard'),
  };
}

function place({ style }: HTMLElement, left: number, top: number, width: number, height: number): void {
  style.left = `${left}px`;
  style.top = `${top}px`;
  style.width = `${width}px`;
  style.height = `${height}px`;
}

/** Registers the element in the page. A second call does nothing. */
export function defineAttentionHeatmap(): void {
  if (customElements.get(TAG) === undefined) customElements.define(TAG, AttentionHeatmap);
}

const TAG = 'attention-heatmap';

declare global {
  interface HTMLElementTagNameMap {
    'attention-heatmap': AttentionHeatmap;
  }
}
