import type { Schema } from './schema-rows.ts';

/** The parts of an OpenAPI document that the page shows. */
export interface Description {
  info: { description: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    parameters: Record<string, Parameter>;
    schemas: Record<string, ResourceSchema>;
  };
}
export interface Parameter {
  name: string;
  in: string;
  description: string;
  required?: boolean;
  schema: Schema;
  example?: unknown;
}
export interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  security?: unknown[];
  parameters: (Parameter | { $ref: string })[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: DocumentSchema }> }>;
}
export interface DocumentSchema {
  properties?: { data?: { $ref?: string; items?: { $ref: string } }; meta?: Schema };
}
export interface ResourceSchema extends Schema {
  title: string;
}

/** A path with one method. */
export interface ShownRoute extends Operation {
  method: string;
  path: string;
}
