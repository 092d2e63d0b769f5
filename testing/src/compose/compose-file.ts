import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { type Static, Type } from 'typebox';
import { parse } from 'yaml';
import { interpolate, type Variables } from './interpolate.ts';

const closed = { additionalProperties: false };
const duration = Type.String({ pattern: '^\\d+[sm]$' });
const optionalText = Type.Optional(Type.String({ minLength: 1 }));
const words = Type.Array(Type.String({ minLength: 1 }), { minItems: 1 });
const condition = Type.Object(
  { condition: Type.Enum(['service_started', 'service_healthy', 'service_completed_successfully']) },
  closed,
);

const composeService = Type.Object(
  {
    image: Type.String({ minLength: 1 }),
    build: Type.Optional(
      Type.Object({ context: Type.String(), args: Type.Record(Type.String(), Type.String()) }, closed),
    ),
    pull_policy: Type.Optional(Type.Enum(['always', 'never', 'missing', 'build'])),
    restart: Type.Enum(['unless-stopped', 'always', 'no']),
    init: Type.Optional(Type.Boolean()),
    user: optionalText,
    command: Type.Optional(words),
    environment: Type.Optional(Type.Record(Type.String({ pattern: '^[A-Z0-9_]+$' }), Type.String())),
    secrets: Type.Optional(words),
    volumes: Type.Optional(words),
    tmpfs: Type.Optional(words),
    ports: Type.Optional(words),
    extra_hosts: Type.Optional(words),
    security_opt: Type.Optional(words),
    depends_on: Type.Optional(Type.Record(Type.String(), condition)),
    healthcheck: Type.Optional(
      Type.Object(
        {
          test: words,
          interval: duration,
          timeout: duration,
          start_period: Type.Optional(duration),
          retries: Type.Integer({ minimum: 1 }),
        },
        closed,
      ),
    ),
    stop_grace_period: Type.Optional(duration),
    logging: Type.Optional(
      Type.Object({ driver: Type.String(), options: Type.Record(Type.String(), Type.String()) }, closed),
    ),
  },
  closed,
);

const composeFile = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9][a-z0-9_-]*$' }),
    services: Type.Record(Type.String(), composeService),
    networks: Type.Object(
      {
        default: Type.Object(
          {
            ipam: Type.Object(
              {
                config: Type.Tuple([Type.Object({ subnet: Type.String(), gateway: Type.String() }, closed)]),
              },
              closed,
            ),
          },
          closed,
        ),
      },
      closed,
    ),
    secrets: Type.Record(Type.String(), Type.Object({ file: Type.String() }, closed)),
    volumes: Type.Record(Type.String(), Type.Object({ name: Type.String() }, closed)),
  },
  closed,
);

export type ComposeService = Static<typeof composeService>;

/** The part of the Compose specification that our file uses and this rig carries out. */
export type ComposeFile = Static<typeof composeFile>;

const check = new Ajv({ allErrors: true }).compile<ComposeFile>(composeFile);

/**
 * Reads a compose file as `docker compose` with these variables does: anchors, merges and variables resolved, extensions left out.
 * @throws Error naming everything in it that is wrong, or that this rig does not carry out and would leave out in silence
 */
export const readComposeFile = async (path: string, variables: Variables): Promise<ComposeFile> => {
  const document = parse(await readFile(path, 'utf8'), { merge: true }) as Record<string, unknown>;
  const own = Object.fromEntries(Object.entries(document).filter(([name]) => !name.startsWith('x-')));
  const file = resolved(own, variables);
  if (!check(file)) {
    const faults = (check.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
    throw new Error(`${path}:\n${faults.join('\n')}`);
  }
  return file;
};

const resolved = (value: unknown, variables: Variables): unknown => {
  if (typeof value === 'string') return interpolate(value, variables);
  if (Array.isArray(value)) return value.map((item) => resolved(item, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, resolved(member, variables)]),
  );
};
