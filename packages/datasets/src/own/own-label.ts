import type { ClassifiedText } from '../classified.js';
import { cutLabelText } from './label-text.js';

/** A text with a label that keeps its text alone: words are cut when they are asked for, and not kept. */
export class OwnLabel implements ClassifiedText {
  readonly text: string;
  readonly label: string;
  readonly #settings: Parameters<typeof cutLabelText>[1];

  constructor(text: string, label: string, settings: Parameters<typeof cutLabelText>[1]) {
    this.text = text;
    this.label = label;
    this.#settings = settings;
  }

  get sentences(): readonly (readonly string[])[] {
    return cutLabelText(this.text, this.#settings);
  }
}
