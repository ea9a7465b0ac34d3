import { colorRules, HEARD, TABLE_RULES } from './style.js';

/** Style of `<attention-overlay>`, with the custom properties that `<attention-heatmap>` has, and a width of the picture. */
export const OVERLAY_STYLE = `
:host{display:block;min-width:0;max-width:100%;font:15px/1.5 system-ui,sans-serif;color:var(--heatmap-text,var(--_text))}
${colorRules}
.picture{position:relative;width:min(100%,var(--overlay-width,28rem));aspect-ratio:var(--_shape);overflow:hidden;border-radius:4px}
canvas{position:absolute;inset:0;width:100%;height:100%;pointer-events:none}
canvas.sharp{image-rendering:pixelated}
.cursor{position:absolute;pointer-events:none;outline:2px solid #fff;box-shadow:0 0 0 3px #000;outline-offset:-2px}
.words{display:flex;flex-wrap:wrap;gap:.25rem;margin:.5rem 0 0;max-height:12rem;overflow:auto;padding:3px}
.word{padding:.05rem .5rem;border:1px solid #8888;border-radius:4px;cursor:pointer;white-space:pre-wrap;overflow-wrap:anywhere;transition:background-color .15s}
.word[aria-checked=true]{border-color:currentColor;box-shadow:inset 0 0 0 1px;background:color-mix(in srgb,currentColor 14%,transparent)}
.word.pointed{outline:1px solid var(--heatmap-text,var(--_text))}
.word:focus-visible,.table:focus-visible{outline:2px solid var(--heatmap-accent,#2563eb);outline-offset:1px}
.sentinel{display:flex;align-items:center;gap:.5rem;margin:.5rem 0 0;max-width:min(100%,var(--overlay-width,28rem));font-size:13px}
.track{flex:1;height:.5rem;border:1px solid;border-radius:2px;overflow:hidden}
.bar{display:block;height:100%;background:currentColor;transition:width .15s}
.readout{margin:.25rem 0 0;min-height:1.5em;font-size:13px}
${HEARD}
${TABLE_RULES}
td{white-space:nowrap}
[hidden]{display:none!important}
@media(prefers-reduced-motion:reduce){.word,.bar{transition:none}}
@media(forced-colors:active){.bar{background:CanvasText}.word[aria-checked=true]{forced-color-adjust:none;border-color:Highlight;background:Highlight;color:HighlightText}}
`;
