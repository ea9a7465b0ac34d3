import type { Page } from 'playwright-core';
import { PHONEMES } from '../src/worker/symbols.js';

/** What is written in Latin letters in any language: names, formats, units, and what is typed as it stands. */
const NAMES = new Set(
  [
    // This page, and what it runs on
    'Heed Keras Hugging Face WebAssembly JavaScript TensorFlow js SIMD wasm cpu webgl webgpu WebGL WebGPU Cross Origin Opener Embedder Policy',
    // How code is packed and found
    'ES UTF esbuild https http Access Control Allow Origin',
    // Names and marks of the field
    'softmax tanh exp log max norm RetNet delta Bahdanau Luong Chorowski Zhang Graves Raffel Abnar Zuidema MoChA GRU LSTM Transformer ARPAbet BLEU chrF2 CIDEr F1 mask NaN ulp float32 float64 logSumExp',
    // Data and licences
    'CMU ISC BSD Clause Carnegie Mellon University CLDR WordNet SpamAssassin VS Code Moby Word II Universal Sentence Encoder Lite',
    // Files and units
    'PNG GIF JPEG WebP SVG WAV HTML CSV csv TSV tsv JSON Lines jsonl Unicode NFC NFKC zip model safetensors tokenizer preprocessor_config config run card calibration json keras weights h5 int32 bool ms kB MB',
    // What is typed
    'Tab YYYY MM DD fr de zh',
    // The other language, by its own name
    'English',
    ...PHONEMES,
  ].flatMap((names) => names.split(' ')),
);

interface Seen {
  readonly text: string;
  readonly where: string;
  /** Parts of a map: its labels are words of the input and the output. */
  readonly inMap: boolean;
}

/**
 * Texts that can be seen or heard and have Latin words of more than one letter that are no names, each with where it is. What was typed,
 * what models wrote (`translate="no"`), code, and what the page marks as a package's own English are none.
 */
export async function untranslated(page: Page): Promise<string[]> {
  const { seen, data } = await page.evaluate(collect);
  const known = data.join(' ').toLowerCase();
  return seen.flatMap(({ text, where, inMap }) => {
    const words = text.replaceAll(/“[^”]*”/g, ' ').match(/[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9]+/g) ?? [];
    const strange = words.filter((word) => !NAMES.has(word) && !(inMap && known.includes(word.toLowerCase())));
    return strange.length === 0 ? [] : [`${where}: ${text.trim().replaceAll(/\s+/g, ' ').slice(0, 200)}`];
  });
}

/** Runs in the page. */
function collect(): { seen: Seen[]; data: string[] } {
  const HEARD = [
    'aria-label',
    'aria-roledescription',
    'aria-description',
    'aria-placeholder',
    'alt',
    'placeholder',
    'title',
  ];
  // What has no words of the page.
  const SKIPPED = 'script, style, code, [translate="no"], details.original > [lang="en"]';
  // What is always the page's own.
  const OWN = 'h1, h2, h3, label, legend, summary, caption, option, figcaption, [role=tab], [role=alert]';
  const seen: Seen[] = [{ text: document.title, where: 'title of the page', inMap: false }];
  const data: string[] = [];

  const whereIs = (element: Element): string => {
    const parts: string[] = [];
    for (let at: Element | null = element; at !== null && parts.length < 4; at = at.parentElement) {
      parts.unshift(at.id ? `#${at.id}` : at.localName);
    }
    return parts.join(' > ');
  };
  const visit = (root: Element | ShadowRoot, inMap: boolean): void => {
    for (const element of root.children) {
      if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) data.push(element.value);
      if (element.matches(SKIPPED)) {
        // Nobody silences this by marking the page's own words as a model's.
        for (const own of element.querySelectorAll(OWN)) tell(own, false);
        if (element.matches(OWN)) tell(element, false);
        data.push(element.textContent);
        // A word of the page inside of what isn't.
        for (const own of element.querySelectorAll('[translate="yes"]')) tell(own, inMap);
        continue;
      }
      // Options of a closed list are seen when it is opened.
      if (!(element instanceof HTMLOptionElement) && !element.checkVisibility({ visibilityProperty: true })) continue;
      const isMap = inMap || element.localName === 'figure';
      tell(element, isMap);
      if (element.shadowRoot) visit(element.shadowRoot, isMap);
      visit(element, isMap);
    }
  };
  const tell = (element: Element, inMap: boolean): void => {
    const own = [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.nodeValue ?? '');
    const heard = HEARD.map((name) => element.getAttribute(name) ?? '');
    for (const text of [own.join(' '), ...heard]) {
      if (text.trim() !== '') seen.push({ text, where: whereIs(element), inMap });
    }
  };
  visit(document.documentElement, false);
  return { seen, data };
}
