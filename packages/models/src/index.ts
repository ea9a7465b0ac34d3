export { formatFigure, parseCard, type ModelCard } from './card.js';
export {
  caption,
  dates,
  g2p,
  generate,
  models,
  names,
  qa,
  sentiment,
  spam,
  translate,
  type BundledModel,
} from './models.js';
