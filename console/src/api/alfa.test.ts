import { AlfaError } from '@alfa-cloud/client';
import { expect, test } from '@jest/globals';
// Loaded before there is something like a page, in which it would look for more.
import 'vue';

test('only Alfa Cloud ends a session by refusing its credentials, not what stands before it', async () => {
  const answers = [
    new Response('<h1>401 Authorization Required</h1>', { status: 401 }),
    Response.json({ message: 'Unauthorized' }, { status: 401 }),
    Response.json({ errors: [{ code: 'credentials_required', title: 'x' }] }, { status: 401 }),
  ];
  const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  Object.assign(globalThis, {
    sessionStorage: storage,
    localStorage: storage,
    document: { documentElement: {} },
    fetch: async () => answers.shift(),
  });
  const { isSignedIn, keepCredentials } = await import('./session.ts');
  const { send } = await import('./alfa.ts');
  keepCredentials({ login: 'admin', password: 'secret' });
  const told: unknown[] = [];
  while (answers.length > 0) {
    const refused = await send('GET', '/clients').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AlfaError);
    const { status, code } = refused as AlfaError;
    told.push([status, code, isSignedIn.value]);
  }
  expect(told).toEqual([
    [401, 'not_understood', true],
    [401, 'not_understood', true],
    [401, 'credentials_required', false],
  ]);
});
