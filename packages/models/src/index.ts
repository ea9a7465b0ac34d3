export { parseCard, type ModelCard } from './card.js';
export { g2p, type BundledModel } from './models.js';
