import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox';
import type { None } from '../operations/descriptor.ts';
import type { Words } from '../words/words.ts';

/** A relationship of a type of resource. */
export interface RelationshipRule {
  /** Types of the resources that it leads to. */
  readonly to: string | readonly string[];
  /** True: any number of them; else one or null. Default false. */
  readonly many?: boolean;
  readonly description: string;
  /** What is told of the relationship itself. */
  readonly meta?: TProperties;
  /** What is told of each resource that it leads to. */
  readonly identifierMeta?: TProperties;
}

/** A type of resource as the API answers with it: one declaration gives its TypeScript type, what answers are checked by, and its description. */
export interface ResourceDefinition {
  readonly type: string;
  readonly title: Words;
  readonly description: string;
  readonly id: TSchema;
  readonly attributes: TObject;
  readonly relationships: Readonly<Record<string, RelationshipRule>>;
  /** What the links lead to, by name. None is always there. */
  readonly links: Readonly<Record<string, string>>;
}

/** Declares a type of resource. Its attributes are all there unless `fields` leaves them out or they are optional. */
export const defineResource = <
  const Name extends string,
  Attributes extends TProperties,
  const Relationships extends Readonly<Record<string, RelationshipRule>> = None,
>(declaration: {
  type: Name;
  title: Words;
  description: string;
  /** Default: a UUID. */
  id?: TSchema;
  attributes: Attributes;
  relationships?: Relationships;
  links?: Readonly<Record<string, string>>;
}) => ({
  id: Type.String({ format: 'uuid' }) as TSchema,
  links: {} as Readonly<Record<string, string>>,
  ...declaration,
  relationships: declaration.relationships ?? ({} as Relationships),
  attributes: Type.Object(declaration.attributes),
});

/** Attributes of a type of resource as they are answered. */
export type AttributesOf<Of extends { readonly attributes: TObject }> = Static<Of['attributes']>;

interface Identifier {
  type: string;
  id: string;
}

/** A resource object as it is answered. */
export interface ResourceOf<
  Of extends {
    readonly type: string;
    readonly attributes: TObject;
    readonly relationships: Readonly<Record<string, RelationshipRule>>;
  },
> {
  type: Of['type'];
  id: string;
  attributes: AttributesOf<Of>;
  relationships?: {
    [Name in keyof Of['relationships']]: {
      data: Of['relationships'][Name] extends { many: true } ? Identifier[] : Identifier | null;
      links?: Record<string, string>;
    };
  };
  links?: Record<string, string>;
}

/** Names that `fields[type]` can ask for: of attributes and relationships. */
export const fieldsOf = ({
  attributes,
  relationships,
}: Pick<ResourceDefinition, 'attributes' | 'relationships'>): string[] => [
  ...Object.keys(attributes.properties),
  ...Object.keys(relationships),
];

/** JSON Schema of a whole resource object, from which `fields` has left nothing out. */
export const resourceSchema = (definition: ResourceDefinition): TSchema => {
  const { type, description, id, attributes, relationships, links } = definition;
  const related = Object.entries(relationships);
  const linked = Object.entries(links);
  return Type.Unsafe({
    type: 'object',
    description,
    required: ['type', 'id', 'attributes', ...(related.length > 0 ? ['relationships'] : [])],
    properties: {
      type: { const: type },
      id,
      attributes,
      ...(related.length === 0
        ? {}
        : {
            relationships: {
              type: 'object',
              required: related.map(([name]) => name),
              properties: Object.fromEntries(related.map(([name, rule]) => [name, relationshipSchema(rule)])),
            },
          }),
      ...(linked.length === 0
        ? {}
        : {
            links: {
              type: 'object',
              properties: Object.fromEntries(
                linked.map(([name, says]) => [
                  name,
                  { type: 'string', format: 'uri-reference', description: says },
                ]),
              ),
            },
          }),
    },
  });
};

const relationshipSchema = ({ to, many, description, meta, identifierMeta }: RelationshipRule): object => {
  const types = [to].flat();
  const identifier = {
    type: 'object',
    required: ['type', 'id'],
    properties: {
      type: types.length === 1 ? { const: types[0] } : { enum: types },
      id: { type: 'string' },
      ...(identifierMeta === undefined ? {} : { meta: Type.Object(identifierMeta) }),
    },
  };
  return {
    type: 'object',
    description,
    required: ['data'],
    properties: {
      data: many === true ? { type: 'array', items: identifier } : { anyOf: [identifier, { type: 'null' }] },
      links: {
        type: 'object',
        properties: {
          related: { type: 'string', format: 'uri-reference', description: 'Where it is read.' },
        },
      },
      ...(meta === undefined ? {} : { meta: Type.Object(meta) }),
    },
  };
};
