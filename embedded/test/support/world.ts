import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inventory, type Inventory } from '@alfa-cloud/provisioner';
import {
  freePort,
  rigImages,
  startNatsServer,
  temporaryDirectory,
  type DockerEngine,
  type NatsServer,
} from '@alfa-cloud/testing';
import { createAlfaCloud } from '../../src/alfa-cloud.ts';
import { readAlfaCloudConfig } from '../../src/config.ts';
import { visit } from './browser.ts';
import { createCaller, registerServer, type Caller, type Server } from './caller.ts';
import { startEventStoreProcess, type EventStoreProcess } from './event-store-process.ts';
import { startPlace, type Place, type PlaceKind } from './place.ts';

export const password = 'Correct-Horse-7';

/** The whole product over engines that a test may kill, with a server for its clients. */
export interface World {
  place: Place;
  /** The engine of that server. */
  docker: DockerEngine;
  nats: NatsServer;
  eventStore: EventStoreProcess;
  call: Caller;
  /** Registers the server and waits until it is ready. */
  register(attributes?: object): Promise<Server>;
  /** A visitor of a client there. */
  visit: typeof visit;
  url: string;
  /** Environment in which a service of this world may be started as a process of its own. */
  env: NodeJS.ProcessEnv;
  directory: string;
  images: typeof rigImages;
  /** What Alfa Cloud has on the server. */
  inventory(): Promise<Inventory>;
  /** Stops the services and starts them again on the same engines. */
  restart(change?: () => Promise<void>): Promise<void>;
  /** Ends with this world, before its engines, whatever has become of the test. */
  attach(end: () => Promise<void>): void;
  dispose(): Promise<void>;
}

/**
 * @param options.services which run in this process; default all five
 * @param options.place a server of somebody else's, or the kind of its own; default: one on this machine
 */
export const startWorld = async (
  options: { services?: string; env?: NodeJS.ProcessEnv; place?: Place | PlaceKind } = {},
): Promise<World> => {
  const cleanup: (() => Promise<void>)[] = [];
  const keep = <T>(thing: T, end: (thing: T) => Promise<void>): T => {
    cleanup.unshift(() => end(thing));
    return thing;
  };
  try {
    const { path: directory } = keep(await temporaryDirectory('alfa-world-'), (temporary) =>
      temporary.remove(),
    );
    const { place: given = 'local' } = options;
    const place =
      typeof given === 'string'
        ? keep(await startPlace(given, directory), (started) => started.dispose())
        : given;
    const nats = keep(await startNatsServer(), async (server) => server[Symbol.asyncDispose]());
    const eventStore = keep(await startEventStoreProcess(join(directory, 'events')), (store) => store.kill());
    const env: NodeJS.ProcessEnv = {
      PATH: process.env['PATH'],
      NATS_URL: nats.url,
      ESDB_URL: eventStore.url,
      ALFA_DATA_DIR: join(directory, 'data'),
      ALFA_MASTER_KEY_FILE: join(directory, 'data', 'master.key'),
      ALFA_DATABASE_IMAGE: rigImages.database,
      ALFA_PROXY_IMAGE: rigImages.proxy,
      ALFA_HTTP_PORT: String(await freePort()),
      ALFA_OPERATIONS_PORT: '0',
      ALFA_ADMIN_PASSWORD: password,
      ALFA_LOG_LEVEL: 'error',
      ALFA_ACK_WAIT_MS: '1000',
      ALFA_FREE_DISK_MIN_MB: '256',
      ALFA_HEALTH_TIMEOUT_S: '15',
      ALFA_SWITCH_OBSERVE_S: '1',
      ...(options.services === undefined ? {} : { ALFA_SERVICES: options.services }),
      ...place.env,
      ...options.env,
    };
    let cloud = createAlfaCloud(readAlfaCloudConfig(env));
    cleanup.unshift(() => cloud.stop());
    await cloud.start();
    const call = createCaller(cloud.url, password);
    return {
      place,
      docker: place.docker,
      nats,
      eventStore,
      env,
      directory,
      url: cloud.url,
      images: rigImages,
      call,
      register: (attributes) => registerServer(call, { connection: place.connection, ...attributes }),
      visit: (address, path, how) => visit(address, path, { machine: place.address, ...how }),
      inventory: () => inventory(place.server),
      async restart(change) {
        await cloud.stop();
        await change?.();
        cloud = createAlfaCloud(readAlfaCloudConfig(env));
        await cloud.start();
      },
      attach: (end) => void cleanup.unshift(end),
      async dispose() {
        for (const step of cleanup.splice(0)) await step();
      },
    };
  } catch (error) {
    for (const step of cleanup.splice(0)) await step();
    throw error;
  }
};

/** Removes the read models while the services are stopped. */
export const deleteReadModels = (world: World): Promise<void> =>
  rm(join(world.directory, 'data', 'projector'), { recursive: true });
