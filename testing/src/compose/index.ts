export { readComposeFile } from './compose-file.ts';
export type { ComposeFile, ComposeService } from './compose-file.ts';
export { parseVariables } from './variables.ts';
export { documentedVariables } from './documented-variables.ts';
export type { DocumentedVariable } from './documented-variables.ts';
