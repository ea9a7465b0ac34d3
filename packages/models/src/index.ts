export { parseCard, type ModelCard } from './card.js';
export { g2p, models, type BundledModel } from './models.js';
