import { afterEach, expect, test } from '@jest/globals';
import { passwordLinkIdOf, reject, type PasswordLinkView, type ShownPassword } from '@alfa-cloud/contracts';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { type RunningGateway, startGateway } from './support.ts';

const token = 'A-b_'.repeat(10) + 'xyz';
const path = `/password/${token}`;
const brand = { name: 'Alfa <Lab>', supportEmail: 'help@alfa.test' };
const shown: ShownPassword = { login: 'one@lab.test', password: '<b>&"1', cloudUrl: 'https://one.alfa.test' };

let gateway: RunningGateway | undefined;
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

/** A link that shows its password once; `status`: what it is at first. */
const start = async (status: PasswordLinkView['status'] = 'ready', locale: 'ru' | 'en' = 'ru') => {
  let now = status;
  const view = (): PasswordLinkView => ({ status: now, locale: now === 'unknown' ? null : locale, brand });
  gateway = await startGateway({
    config: { allowedAddresses: ['192.0.2.1'] },
    queries: {
      GetPasswordLink: async () => ({ result: view() }),
      async OpenPasswordLink() {
        const before = view();
        if (before.status !== 'ready') return { result: { ...before, shown: null } };
        now = 'used';
        const sealed = await inMemoryVault().seal('transport', JSON.stringify(shown));
        return { result: { ...before, shown: sealed } };
      },
    },
  });
  return gateway;
};
/** As a browser asks, which knows no credentials. */
const asBrowser = { headers: { authorization: '', accept: 'text/html,*/*;q=0.8' } };
const click = {
  method: 'POST',
  headers: { ...asBrowser.headers, origin: 'null', 'sec-fetch-site': 'same-origin' },
};

test('a look shows a button and nothing else, from any address and without credentials; the click shows the password once', async () => {
  const { send, asked, lines } = await start();
  for (let time = 0; time < 2; time += 1) {
    const look = await send(path, { headers: { ...asBrowser.headers, 'sec-fetch-site': 'cross-site' } });
    expect(look.status).toBe(200);
    expect(look.text).toContain('<button type="submit">Показать пароль</button>');
    expect(look.text).not.toContain(token);
  }
  expect((await send(path, { method: 'HEAD', ...asBrowser })).status).toBe(200);
  const opened = await send(path, click);
  expect(opened.status).toBe(200);
  expect(opened.text).toContain('<code>&lt;b&gt;&amp;&quot;1</code>');
  expect(opened.text).toContain('<code>one@lab.test</code>');
  expect(opened.text).toContain('Alfa &lt;Lab&gt;');
  expect(opened.headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'content-language': 'ru',
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': expect.stringMatching(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    ),
  });
  const again = await send(path, click);
  expect([again.status, again.text.includes('Ссылка уже использована')]).toEqual([410, true]);
  expect(asked.map(({ name }) => name)).toEqual([
    'GetPasswordLink',
    'GetPasswordLink',
    'GetPasswordLink',
    'OpenPasswordLink',
    'OpenPasswordLink',
  ]);
  expect(asked[0]?.request).toEqual({ linkId: passwordLinkIdOf(token) });
  expect(JSON.stringify([asked, lines])).not.toContain(token);
  expect(lines.filter(({ path: logged }) => logged === '/password/{token}').length).toBeGreaterThan(4);
});

test('the button of one page is the same showing however often it is pressed, that of another page is another', async () => {
  const { send, asked } = await start();
  const buttonOf = async () =>
    /<form method="post" action="(\?showing=[0-9a-f-]{36})">/.exec((await send(path, asBrowser)).text)?.[1];
  const [button, other] = [await buttonOf(), await buttonOf()];
  for (const pressed of [button, button, other]) await send(`${path}${pressed}`, click);
  const showings = asked
    .filter(({ name }) => name === 'OpenPasswordLink')
    .map(({ request }) => `?showing=${(request as { showingId: string }).showingId}`);
  expect(showings).toEqual([button, button, other]);
  expect(button).not.toBe(other);
});

test.each([
  ['used', 410, 'This link has been used', 'Ссылка уже использована'],
  ['expired', 410, 'This link has expired', 'Срок действия ссылки истёк'],
  ['changed', 410, 'The password has been changed', 'Пароль уже изменён'],
] as const)('a link that is %s says so in the language of the client', async (status, code, en, ru) => {
  const english = await start(status, 'en');
  const look = await english.send(path, asBrowser);
  expect([look.status, look.text.includes(en), look.text.includes('help@alfa.test')]).toEqual([
    code,
    true,
    true,
  ]);
  expect(look.text).not.toContain('<button');
  await english.stop();
  const russian = await start(status, 'ru');
  expect((await russian.send(path, click)).text).toContain(ru);
});

test('an unknown or broken link says so in the language of the browser; nothing else is open without credentials', async () => {
  const { send, asked } = await start('unknown');
  const russian = { headers: { ...asBrowser.headers, 'accept-language': 'ru-RU,ru;q=0.9' } };
  const look = await send(path, russian);
  expect([look.status, look.text.includes('Такой ссылки нет')]).toEqual([404, true]);
  expect((await send('/password/short', asBrowser)).text).toContain('This link is not known');
  expect(asked).toHaveLength(1);
  expect((await send(path, { method: 'DELETE', ...asBrowser })).status).toBe(405);
  expect((await send('/clients', asBrowser)).status).toBe(403);
});

test('when the link can not be looked up the page says that it was not used up', async () => {
  gateway = await startGateway({
    queries: { OpenPasswordLink: async () => Promise.reject(reject('unavailable', 'Away')) },
  });
  const answer = await gateway.send(path, click);
  expect([answer.status, answer.text.includes('has not been used up')]).toEqual([503, true]);
});

test('a source that asks too often has to wait', async () => {
  const { send, asked } = await start();
  for (let count = 0; count < 30; count += 1) await send(path, asBrowser);
  const refused = await send(path, click);
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '60']);
  expect(refused.text).toContain('Too many requests');
  expect(asked).toHaveLength(30);
});
