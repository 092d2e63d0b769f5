import { beforeAll, describe, expect, test } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { readdir, readFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { clientDocument, followCreation, type Resource, type Server } from '../support/caller.ts';
import type { World } from '../support/world.ts';
import type { UsedPlace } from './used-place.ts';

/** Creation of clients, whatever the server. */
export const creationSuite = (place: () => UsedPlace) =>
  describe('creation', () => {
    let world: World;
    let server: Server;

    beforeAll(async () => {
      ({ world, server } = place());
    });

    const create = (
      slug: string,
      more: object = {},
      headers: Record<string, string> = {},
      image: string = world.images.client,
    ) => world.call('POST', '/clients/create', clientDocument(server.id, slug, image, more), headers);

    const kindsOf = (slug: string, names: readonly string[] | null) =>
      (names ?? []).filter((name) =>
        name.replaceAll('_', '-').split('/')[0]?.replace('alfa-', '').startsWith(slug),
      );

    test('a client is created: log, page with migrated data through the proxy, owner can log in', async () => {
      const answer = await create('first-lab', { demo: true, ownerPassword: 'canary-Pass-4711' });
      expect(answer.status).toBe(202);
      expect(answer.body.data).toMatchObject({
        type: 'clients',
        attributes: { status: 'creating', slug: 'first-lab' },
      });
      expect(answer.headers.get('content-location')).toMatch(/^\/operations\/[0-9a-f-]{36}$/);

      const { entries, attributes } = await followCreation(world.call, answer.body.data.id);
      expect(attributes).toMatchObject({ completed: 'ok', error: null });
      expect(attributes.steps.every(({ status }: { status: string }) => status === 'ok')).toBe(true);
      expect(entries.map(({ message }) => message).join('\n')).toContain('create_patients_table');

      const client = (await world.call('GET', `/clients/${answer.body.data.id}`)).body.data;
      expect(client.attributes).toMatchObject({
        status: 'active',
        email: 'owner@first-lab.example',
        demo: true,
      });
      const shown = await world.visit(client.links.cloud);
      expect(shown.status).toBe(200);
      expect(shown.text).toContain('Лаборатория first-lab');
      expect(shown.text).toMatch(/data-fact="patients">\s*[1-9]/);
      const login = (password: string) =>
        world.visit(client.links.cloud, '/login', { form: { login: 'owner@first-lab.example', password } });
      expect((await login('canary-Pass-4711')).status).toBe(200);
      expect((await login('wrong')).status).toBe(401);

      const container = await world.docker.docker.getContainer('alfa-first-lab').inspect();
      expect(container.HostConfig).toMatchObject({
        Memory: 512 * 1024 * 1024,
        NanoCpus: 1_000_000_000,
        PidsLimit: 256,
        SecurityOpt: ['no-new-privileges:true'],
        RestartPolicy: { Name: 'always' },
      });
    });

    test('one idempotency key, twenty requests at once: one client, one answer; another body is refused', async () => {
      const key = randomUUID();
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => create('twenty', {}, { 'idempotency-key': key })),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
      expect(new Set(answers.map(({ body }) => body.data.id)).size).toBe(1);
      const late = await create('twenty', {}, { 'idempotency-key': key });
      expect([late.status, late.body.data.id]).toEqual([202, answers[0]?.body.data.id]);
      const other = await create('twenty-one', {}, { 'idempotency-key': key });
      expect([other.status, other.body.errors[0].code]).toEqual([422, 'idempotency_key_reused']);

      expect((await followCreation(world.call, late.body.data.id)).attributes.completed).toBe('ok');
      const list = await world.call('GET', '/clients?filter[search]=twenty');
      expect(list.body.meta.total).toBe(1);
      const { containers, networks, databases, databaseUsers, volumes, clientFiles } =
        await world.inventory();
      expect(kindsOf('twenty', networks)).toEqual(['alfa-twenty']);
      expect(kindsOf('twenty', containers)).toEqual(['alfa-twenty']);
      expect(kindsOf('twenty', databases)).toEqual(['alfa_twenty']);
      expect(kindsOf('twenty', databaseUsers)).toEqual(['alfa_twenty']);
      expect(kindsOf('twenty', volumes)).toEqual(['alfa-twenty-storage']);
      expect(clientFiles.filter((file) => file.startsWith('twenty'))).toEqual([
        'twenty/client.env',
        'twenty/owner.json',
        'twenty/vhost.conf',
      ]);
    });

    test('two creations of one slug at the same moment: one is accepted, one is told that the slug is taken', async () => {
      const answers = await Promise.all([create('race'), create('race')]);
      expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([202, 409]);
      const loser = answers.find(({ status }) => status === 409);
      expect(loser?.body.errors).toEqual([
        expect.objectContaining({ code: 'slug_taken', source: { pointer: '/data/attributes/slug' } }),
      ]);
      const winner = answers.find(({ status }) => status === 202);
      expect((await followCreation(world.call, winner?.body.data.id)).attributes.completed).toBe('ok');
    });

    const endsInCleanError = async (variant: string, step: string): Promise<void> => {
      const slug = `bad-${variant}`;
      const answer = await create(slug, {}, {}, `alfa/client:${variant}`);
      expect(answer.status).toBe(202);
      const { attributes } = await followCreation(world.call, answer.body.data.id);
      expect(attributes.completed).toBe('error');
      expect([attributes.error.step, 'container', 'healthy']).toContain(step);
      expect(attributes.error.reason.length).toBeGreaterThan(20);
      for (const names of Object.values(await world.inventory()) as (string[] | null)[])
        expect(kindsOf(slug, names)).toEqual([]);
      const client = (await world.call('GET', `/clients/${answer.body.data.id}`)).body.data;
      expect(client.attributes).toMatchObject({
        status: 'failed',
        failure: { code: attributes.error.code },
      });
      const again = await create(slug);
      expect(again.status).toBe(202);
      expect((await followCreation(world.call, again.body.data.id)).attributes.completed).toBe('ok');
    };

    // At once, since most of their time is a wait for the container.
    test('an image that is broken, unhealthy or can not migrate ends in a clean error and leaves nothing', async () => {
      await Promise.all([
        endsInCleanError('broken', 'container'),
        endsInCleanError('unhealthy', 'healthy'),
        endsInCleanError('badmigration', 'migrate'),
      ]);
    }, 360_000);

    test('a cancelled creation takes everything back', async () => {
      const answer = await create('cancelled');
      const operation = String(answer.headers.get('content-location'));
      const cancel = await world.call('POST', `${operation}/cancel`, undefined, { prefer: 'wait=60' });
      expect(cancel.body.data.attributes.status).toBe('cancelled');
      for (const names of Object.values(await world.inventory()) as (string[] | null)[])
        expect(kindsOf('cancelled', names)).toEqual([]);
      const late = await world.call('POST', `${operation}/cancel`);
      expect([late.status, late.body.errors[0].code]).toEqual([409, 'operation_finished']);
    });

    test('Prefer: wait answers with the finished operation', async () => {
      const answer = await create('waited', {}, { prefer: 'wait=60' });
      expect([answer.status, answer.body.data.type, answer.body.data.attributes.status]).toEqual([
        200,
        'operations',
        'ok',
      ]);
    });

    test('what can be known at once is refused at once, every fault with its place', async () => {
      const answer = await create('database', { expireDate: '2020-01-01' }, {}, 'alfa/absent:1');
      expect(answer.status).toBe(422);
      const faults = answer.body.errors.map(
        ({ code, source }: { code: string; source: { pointer: string } }) => [code, source.pointer],
      );
      expect(faults).toEqual(
        expect.arrayContaining([
          ['slug_reserved', '/data/attributes/slug'],
          ['expire_date_in_past', '/data/attributes/expireDate'],
          ['image_not_on_server', '/data/attributes/image'],
        ]),
      );
    });

    test('the server shows its images and what it is busy with', async () => {
      const images = await world.call('GET', `/servers/${server.id}/images`);
      const references = images.body.data.flatMap(({ attributes }: Resource) => attributes['references']);
      expect(references).toEqual(expect.arrayContaining(['alfa/client:1', 'alfa/client:2']));
      const shown = await world.call('GET', `/servers/${server.id}`);
      expect(shown.body.meta.monitoring).toMatchObject({
        cpus: expect.any(Number),
        memoryTotalBytes: expect.any(Number),
      });
      expect(shown.text).not.toMatch(/secrets|credentials|password/i);
    });

    describe('secrets', () => {
      const canary = 'canary-Pass-4711';

      test('stand in no event and no NATS message', async () => {
        const client = EventStoreDBClient.connectionString(String(world.env['ESDB_URL']));
        let events = 0;
        for await (const { event } of client.readAll()) {
          events += 1;
          expect(JSON.stringify([event?.data, event?.metadata])).not.toMatch(
            new RegExp(`${canary}|owner@first-lab|Лаборатория`),
          );
        }
        await client.dispose();
        expect(events).toBeGreaterThan(100);
        const connection = await connect({ servers: world.nats.url });
        const manager = await jetstreamManager(connection);
        for await (const stream of manager.streams.list()) {
          for (let sequence = stream.state.first_seq; sequence <= stream.state.last_seq; sequence += 1) {
            const message = await manager.streams
              .getMessage(stream.config.name, { seq: sequence })
              .catch(() => null);
            expect(message === null ? '' : Buffer.from(message.data).toString()).not.toContain(canary);
          }
        }
        await connection.close();
      });

      test('stand in no command line and no label', async () => {
        const containers = await world.docker.docker.listContainers({ all: true });
        expect(JSON.stringify(containers)).not.toContain(canary);
        for (const pid of await readdir('/proc')) {
          const line = /^\d+$/.test(pid)
            ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
            : '';
          if (!line.includes('jest')) expect(line).not.toContain(canary);
        }
      });
    });
  });
