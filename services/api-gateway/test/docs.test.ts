import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { resources } from '@alfa-cloud/contracts';
import { type RunningGateway, startGateway } from './support.ts';

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

const docs = (language: string) =>
  gateway.send('/docs', { headers: { accept: 'text/html,*/*;q=0.8', 'accept-language': language } });

test('the description is a page for people: own style alone, no script, no cookie, nothing from elsewhere', async () => {
  const { status, headers, text } = await docs('en');
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(headers['content-security-policy']).toContain("default-src 'none'; style-src 'self'");
  expect(headers['set-cookie']).toBeUndefined();
  expect(text).not.toMatch(/<script|<style|style=|https?:\/\/[^"<& ]*"|src=/);
  const style = await gateway.send('/docs.css', { headers: { accept: 'text/css,*/*;q=0.1' } });
  expect([style.status, style.headers['content-type']]).toEqual([200, 'text/css; charset=utf-8']);
  expect((await gateway.send('/docs', { headers: { authorization: '' } })).status).toBe(401);
});

test('every path, resource and code of an error is on it, and every link to a place leads there', async () => {
  const { text } = await docs('en');
  for (const { path } of gateway.gateway.routes) expect(text).toContain(`<code>${path}</code>`);
  for (const type of Object.keys(resources)) expect(text).toContain(`id="resource-${type}"`);
  expect(text).toContain('id="error-operation_in_progress"');
  const anchors = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  const dead = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id).filter((id) => !anchors.has(id));
  expect(dead).toEqual([]);
});

test('titles are told in the language that is asked for', async () => {
  const { headers, text } = await docs('ru');
  expect(headers['content-language']).toBe('ru');
  expect(text).toContain('<html lang="ru">');
  for (const title of ['Серверы', 'Перезапуск клиента', 'Резервная копия', 'Нужны учётные данные']) {
    expect(text).toContain(title);
  }
});
