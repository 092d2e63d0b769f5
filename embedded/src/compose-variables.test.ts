import { beforeAll, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readGatewayConfig } from '@alfa-cloud/api-gateway';
import { readBuilderConfig } from '@alfa-cloud/builder';
import { readNotifierConfig } from '@alfa-cloud/notifier';
import { readProjectorConfig } from '@alfa-cloud/projector';
import { readProvisionerConfig } from '@alfa-cloud/provisioner';
import type { Environment } from '@alfa-cloud/service-kit';
import {
  documentedVariables,
  parseVariables,
  readComposeFile,
  type ComposeFile,
  type ComposeService,
  type DocumentedVariable,
} from '@alfa-cloud/testing/compose';

/** What each service reads of the environment of its container. */
const readers: Record<string, (env: Environment) => unknown> = {
  projector: readProjectorConfig,
  provisioner: readProvisionerConfig,
  builder: readBuilderConfig,
  notifier: readNotifierConfig,
  'api-gateway': readGatewayConfig,
};
const names = Object.keys(readers);

const root = join(import.meta.dirname, '../..');
const pathOf = (name: string) => join(root, name);
const compose = (variables: Record<string, string> = {}) =>
  readComposeFile(pathOf('docker-compose.yml'), variables);

let file: ComposeFile;
let documented: Map<string, DocumentedVariable[]>;

beforeAll(async () => {
  file = await compose();
  documented = await documentedVariables(pathOf('docs/configuration.md'));
});

const serviceOf = (of: ComposeFile, name: string): ComposeService => {
  const service = of.services[name];
  if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return service;
};
const documentedFor = (name: string) => [
  ...(documented.get('every service') ?? []),
  ...(documented.get(name.replace('-', ' ').toLowerCase()) ?? []),
];

/** Names that a reader asks for. */
const namesRead = (read: (env: Environment) => unknown): string[] => {
  const asked = new Set<string>();
  const required: Environment = {
    NATS_URL: 'nats://x',
    ESDB_URL: 'esdb://x',
    ALFA_MASTER_KEY_FILE: '/x',
  };
  read(
    new Proxy(required, {
      get(target, name) {
        asked.add(String(name));
        return Reflect.get(target, name) as unknown;
      },
    }),
  );
  return [...asked];
};

describe.each(names)('variables of %s', (name) => {
  test('each that it reads is documented', () => {
    const known = documentedFor(name).map(({ name: variable }) => variable);
    expect(namesRead(readers[name] ?? (() => [])).filter((variable) => !known.includes(variable))).toEqual(
      [],
    );
  });

  test('each that is documented reaches its container, and no other one does', async () => {
    const rows = documentedFor(name);
    const markerOf = (variable: string) => `/chosen/${variable}`;
    const chosen = await compose(Object.fromEntries(rows.map((row) => [row.name, markerOf(row.name)])));
    const service = serviceOf(chosen, name);
    const unreached = rows.filter(
      ({ name: variable, meaning }) =>
        !reaches({ file: chosen, service, variable, marker: markerOf(variable), meaning }),
    );
    expect(unreached).toEqual([]);
    const given = Object.keys(serviceOf(file, name).environment ?? {});
    expect(given.filter((variable) => rows.every((row) => row.name !== variable))).toEqual([]);
  });

  test('its container starts with those of .env.example, and with none', async () => {
    const example = parseVariables(await readFile(pathOf('.env.example'), 'utf8'));
    for (const variables of [example, {}]) {
      const { environment } = serviceOf(await compose(variables), name);
      expect(() => readers[name]?.(environment ?? {})).not.toThrow();
    }
  });
});

/** As it is, or, where it names a file of the host, as the place at which the container has that file, or as the page says that it is set there. */
const reaches = (given: {
  file: ComposeFile;
  service: ComposeService;
  variable: string;
  marker: string;
  meaning: string;
}): boolean => {
  const { file: chosen, service, variable, marker, meaning } = given;
  const value = service.environment?.[variable];
  if (value === undefined) return false;
  const secret = (service.secrets ?? []).find((name) => chosen.secrets[name]?.file === marker);
  return (
    value === marker ||
    value === `/run/secrets/${secret}` ||
    (service.volumes ?? []).some((volume) => volume.startsWith(`${marker}:${value}`)) ||
    meaning.includes(`Under compose: \`${value}\``)
  );
};

test('variables of the file itself are documented, and the template names none that nobody knows', async () => {
  const own = documented.get('docker-compose.yml alone') ?? [];
  expect(own.length).toBeGreaterThan(0);
  for (const { name: variable } of own) {
    expect(JSON.stringify(await compose({ [variable]: 'chosen-value' }))).toContain('chosen-value');
  }
  const known = [...documented.values()].flat().map(({ name }) => name);
  const template = await readFile(pathOf('.env.example'), 'utf8');
  const mentioned = [...template.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name = '']) => name);
  expect(mentioned.filter((name) => !known.includes(name))).toEqual([]);
});
