import { expect, test } from '@jest/globals';
import {
  bulkOf,
  bulkOperations,
  type ClientOperations,
  commandCatalogue,
  type Complete,
  conforms,
  type Descriptor,
  operationOf,
  operations,
  rebootClient,
  stepTitle,
} from '../index.ts';

const all: readonly Descriptor[] = operations;

test('no two operations have the same kind, command or request', () => {
  const requests = all.flatMap(({ http }) =>
    (http?.methods ?? []).map((method) => `${method} ${http?.path}`),
  );
  const commands = all.flatMap(({ command }) => command ?? []);
  for (const names of [all.map(({ kind }) => kind), commands, requests]) {
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  }
});

test.each(all.map((operation) => [operation.kind, operation] as const))(
  '%s has words in both languages for itself and for each step',
  (_kind, { title, steps }) => {
    for (const { en, ru } of [title, ...Object.values(steps)]) {
      expect(en).toMatch(/^[A-Z]/);
      expect(ru).toMatch(/^[А-ЯЁ]|^Docker/);
    }
  },
);

test.each(all.flatMap(({ kind, data, http }) => (http === null ? [] : [[kind, data, http] as const])))(
  '%s takes from the query only parameters of its command',
  (_kind, data, { query = [], fixed = {} }) => {
    expect(Object.keys(data.properties)).toEqual(expect.arrayContaining([...query, ...Object.keys(fixed)]));
  },
);

test('an operation over many clients follows from the one that it runs on each', () => {
  expect(Object.fromEntries(bulkOperations.map(({ kind, child }) => [kind, child.kind]))).toEqual({
    'clients.deploy': 'client.deploy',
    'clients.migrate': 'client.migrate',
    'clients.move': 'client.move',
    'clients.switch': 'client.switch',
    'server.drain': 'client.move',
  });
  const { data } = commandCatalogue.SwitchAllImages;
  expect(conforms(data, { targetImage: 'alfa/client:2', canary: 0, clientIds: [] })).toBe(true);
  for (const wrong of [{}, { targetImage: '-' }, { targetImage: 'a', clientId: 'b' }]) {
    expect(conforms(data, wrong)).toBe(false);
  }
  expect(bulkOf('client.switch')).toBeNull();
  expect(Object.keys(operationOf('clients.deploy').steps)).toContain('proxy');
  expect(Object.keys(operationOf('clients.migrate').steps)).not.toContain('proxy');
});

test('an implementation for each operation on a client and no other compiles', () => {
  const one = { 'client.reboot': { operation: rebootClient } };
  // @ts-expect-error: the other kinds have none.
  const lacking = one satisfies Complete<ClientOperations>;
  // @ts-expect-error: it is put to another kind.
  const swapped = { 'client.migrate': { operation: rebootClient } } satisfies Partial<
    Complete<ClientOperations>
  >;
  expect([lacking, swapped]).toHaveLength(2);
});

test('a step has the title that its kind gives it, else the common one', () => {
  expect(stepTitle('client.migrate', 'backup').en).toBe('Backup');
  expect(stepTitle('client.delete', 'backup').en).toBe('Final backup');
  expect(stepTitle('client.reboot', 'volume').ru).toBe('Том хранилища');
});
