export { exportGraph } from './export/export-graph.js';
export type { ExportOptions, Graph, GraphTensor, GraphType } from './export/graph.js';
