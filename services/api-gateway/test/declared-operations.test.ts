import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Descriptor, operations } from '@alfa-cloud/contracts';
import { type RunningGateway, startGateway } from './support.ts';

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

const declared = (operations as readonly Descriptor[]).flatMap(({ http }) =>
  http === null ? [] : http.methods.map((method) => ({ method, path: http.path, http })),
);

test.each(declared)('$method $path is served as its operation declares it', ({ method, path, http }) => {
  const routes = gateway.gateway.routes.filter((route) => route.method === method && route.path === path);
  expect(routes).toHaveLength(1);
  const [route] = routes;
  expect(route?.summary.startsWith(http.summary)).toBe(true);
  expect(Object.keys(route?.parameters.properties ?? {})).toEqual(
    expect.arrayContaining([...(http.query ?? [])]),
  );
  expect(route?.body?.attributes).toBe(
    method === 'GET' ? undefined : (http.body?.attributes ?? route?.body?.attributes),
  );
});
