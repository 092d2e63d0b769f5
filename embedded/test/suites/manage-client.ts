import { beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@alfa-cloud/testing';
import { factOf } from '../support/browser.ts';
import { clientDocument, followCreation, type Resource, type Server } from '../support/caller.ts';
import type { World } from '../support/world.ts';
import type { UsedPlace } from './used-place.ts';

/** What is done with a client from day to day. */
export const managementSuite = (place: () => UsedPlace) =>
  describe('management', () => {
    let world: World;
    let server: Server;
    let id: string;
    let address: string;

    const wait = { prefer: 'wait=60' };

    beforeAll(async () => {
      ({ world, server } = place());
      const created = await world.call(
        'POST',
        '/clients/create',
        clientDocument(server.id, 'managed', world.images.client, { ownerPassword: 'first-Pass-4711' }),
      );
      id = created.body.data.id;
      expect((await followCreation(world.call, id)).attributes.completed).toBe('ok');
      address = (await world.call('GET', `/clients/${id}`)).body.data.links.cloud;
    });

    const page = (path = '/', form?: Record<string, string>) =>
      world.visit(address, path, form === undefined ? {} : { form });

    const run = async (action: string, method = 'POST', body?: unknown) => {
      const answer = await world.call(method, `/clients/${id}/${action}`, body, wait);
      expect([action, answer.status, answer.body.data?.attributes?.status ?? answer.text]).toEqual([
        action,
        200,
        'ok',
      ]);
      return answer.body.data;
    };

    const client = async () => (await world.call('GET', `/clients/${id}`)).body.data.attributes;
    const fact = (text: string, name: string) => Number(factOf(text, name));

    test('maintenance: the page answers 503 with its message, with the container stopped too, and goes away again', async () => {
      const message = `Обновление до 15:00 <b>"скоро"</b>`;
      await run('maintain_enable', 'POST', { data: { type: 'maintenance', attributes: { message } } });
      const shown = await page();
      expect(shown.status).toBe(503);
      expect(shown.headers['retry-after']).toMatch(/^\d+$/);
      expect(shown.text).toContain('Техническое обслуживание');
      expect(shown.text).toContain('Обновление до 15:00');
      expect(shown.text).not.toContain('<b>');
      expect(await client()).toMatchObject({ maintenance: { message } });
      const container = world.docker.docker.getContainer('alfa-managed');
      await container.stop({ t: 1 });
      expect((await page()).status).toBe(503);
      expect((await page()).text).toContain('Техническое обслуживание');
      await container.start();
      await run('maintain_enable', 'GET');
      await run('maintain_disable', 'GET');
      // The application is not asked for here whether it is up again.
      await eventually('the page', async () => (await page()).status === 200);
      expect(await client()).toMatchObject({ maintenance: null });
    });

    test('demo data come once, and go', async () => {
      const before = fact((await page()).text, 'patients');
      await run('demo_enable');
      const once = fact((await page()).text, 'patients');
      expect(once).toBeGreaterThan(before);
      await run('demo_enable', 'GET');
      expect(fact((await page()).text, 'patients')).toBe(once);
      expect(await client()).toMatchObject({ demo: true });
      await run('demo_disable');
      expect(fact((await page()).text, 'patients')).toBe(before);
      expect(await client()).toMatchObject({ demo: false });
    });

    test('the owner gets a new password; the old one is refused; nobody can read it back', async () => {
      const login = 'owner@managed.example';
      expect((await page('/login', { login, password: 'first-Pass-4711' })).status).toBe(200);
      const answer = await world.call(
        'POST',
        '/clients/owner_password',
        {
          data: {
            type: 'owner-passwords',
            attributes: { password: 'second-Pass-4711' },
            relationships: { client: { data: { type: 'clients', id } } },
          },
        },
        wait,
      );
      expect([answer.status, answer.body.data?.attributes?.status ?? answer.text]).toEqual([200, 'ok']);
      expect(answer.text).not.toContain('second-Pass');
      expect((await page('/login', { login, password: 'first-Pass-4711' })).status).toBe(401);
      expect((await page('/login', { login, password: 'second-Pass-4711' })).status).toBe(200);
    });

    test('the number of users is counted and remembered with its time', async () => {
      const counted = await world.call('GET', `/clients/${id}/users_count`, undefined, wait);
      expect(counted.status).toBe(200);
      expect(counted.body.data.attributes.users).toBe(fact((await page()).text, 'users'));
      expect(await client()).toMatchObject({
        usersCount: counted.body.data.attributes.users,
        usersCountedAt: expect.any(String),
      });
    });

    test('reboot: the container has run anew and answers again', async () => {
      const startedAt = async () =>
        (await world.docker.docker.getContainer('alfa-managed').inspect()).State.StartedAt;
      const before = await startedAt();
      await run('reboot');
      expect(await startedAt()).not.toBe(before);
      expect((await page()).status).toBe(200);
    });

    const extend = (expireDate: string, reason: string, more: object = {}) =>
      world.call('PUT', `/clients/${id}/expire_date`, {
        data: { type: 'clients', id, attributes: { expireDate, reason, ...more } },
      });

    test('an expired client is blocked, one that is extended opens at once, and the history tells who and why', async () => {
      const far = (await client()).expireDate;
      const refused = await extend('2020-01-01', 'test of the block');
      expect([refused.status, refused.body.errors[0].code]).toEqual([422, 'expire_date_in_past']);
      expect((await extend('2020-01-01', 'test of the block', { confirm: true })).status).toBe(200);
      const until = (status: number) =>
        eventually(`status ${status}`, async () => {
          const shown = await page();
          return shown.status === status && shown;
        });
      const blocked = await until(403);
      expect(blocked.text.toLowerCase()).toContain('срок использования истёк');
      const extended = await extend(far, 'paid for another year');
      expect([extended.status, extended.body.data.attributes.expireDate]).toEqual([200, far]);
      await until(200);
      const history = await world.call('GET', `/clients/${id}/expire_dates_history`);
      expect(
        history.body.data.map(
          ({ attributes: { from, to, reason, actor } }: { attributes: Record<string, string> }) => [
            from,
            to,
            reason,
            actor,
          ],
        ),
      ).toEqual([
        ['2020-01-01', far, 'paid for another year', 'admin'],
        [far, '2020-01-01', 'test of the block', 'admin'],
      ]);
    });

    test('of two actions on one client at the same moment one is told of the other', async () => {
      const answers = await Promise.all([
        world.call('POST', `/clients/${id}/reboot`),
        world.call('POST', `/clients/${id}/demo_enable`),
      ]);
      expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([202, 409]);
      const [winner, loser] = answers[0]?.status === 202 ? answers : answers.toReversed();
      expect(loser?.body.errors[0]).toMatchObject({
        code: 'operation_in_progress',
        meta: { operationId: winner?.body.data.id },
      });
      await world.call('GET', `/operations/${winner?.body.data.id}`, undefined, wait);
    });

    test('the history names who did what and when, without personal data', async () => {
      const all = await world.call('GET', `/clients/${id}/history?page[size]=100&filter[events]=all`);
      const kinds = all.body.data.map(({ attributes }: Resource) => attributes['kind']);
      for (const kind of [
        'ClientCreated',
        'ClientMaintenanceEnabled',
        'ClientDemoEnabled',
        'ClientOwnerPasswordChanged',
        'ClientExpireDateChanged',
      ]) {
        expect(kinds).toContain(kind);
      }
      expect(all.text).not.toMatch(/owner@managed|Лаборатория|Pass-4711/);
      const filtered = await world.call('GET', '/history?filter[kind]=ClientExpireDateChanged');
      expect(filtered.body.data).toHaveLength(2);
      expect((await world.call('GET', `/servers/${server.id}/history`)).body.meta.total).toBeGreaterThan(0);
    });
  });
