import { expect, test } from '@jest/globals';
import { clientResource, fieldsOf, presentClient } from '@alfa-cloud/contracts';
import { clientView, gatewaysOfTest, queryAnswers, serverView } from './support.ts';

const start = gatewaysOfTest();

const text = Buffer.from(JSON.stringify([presentClient(clientView, 'ru')]));
const middle = text.indexOf('«') + 1;

/** A projector that has the texts ready, in pieces that end anywhere. */
const answeringTexts = async () =>
  start({
    queries: {
      ...queryAnswers(),
      ListClients: async ({ includeServers, textIn }) => ({
        result: {
          items: textIn === undefined ? [clientView] : [],
          total: 60,
          servers: includeServers ? [serverView] : [],
        },
        ...(textIn === undefined ? {} : { text: [text.subarray(0, middle), text.subarray(middle)] }),
      }),
    },
  });

const russian = { headers: { 'accept-language': 'ru' } };
const every = `fields%5Bclients%5D=${fieldsOf(clientResource).join(',')}`;

test.each(['/clients?sort=slug', '/clients?include=server&page%5Bsize%5D=1'])(
  '%s: the document of ready texts is the one that is built where fields are named',
  async (path) => {
    const { send, asked } = await answeringTexts();
    const ready = await send(path, russian);
    const built = await send(`${path}&${every}`, russian);
    expect(asked.map(({ request }) => request)).toMatchObject([{ textIn: 'ru' }, {}]);
    expect(asked[1]?.request).not.toHaveProperty('textIn');
    const { links, ...document } = built.json;
    const withoutFields = JSON.parse(JSON.stringify(links).replaceAll(`${every}&`, '')) as typeof links;
    expect(ready.json).toEqual({ ...document, links: withoutFields });
    expect(ready.headers).toMatchObject({
      'content-type': 'application/vnd.api+json',
      'content-language': 'ru',
      'content-length': String(Buffer.byteLength(ready.text)),
    });
  },
);

test('HEAD of a list of ready texts tells its length', async () => {
  const { send } = await answeringTexts();
  const whole = await send('/clients', russian);
  const head = await send('/clients', { ...russian, method: 'HEAD' });
  expect(head.text).toBe('');
  expect(head.headers['content-length']).toBe(whole.headers['content-length']);
});
