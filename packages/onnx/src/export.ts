export { exportGraph } from './export/export-graph.js';
export { exportMechanism, type MechanismExportOptions } from './export/export-mechanism.js';
export type { ExportOptions, Graph, GraphTensor, GraphType, InputType } from './export/graph.js';
