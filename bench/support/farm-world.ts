import { startFarm, type Farm, type FarmServer } from '@alfa-cloud/testing';
import { clientDocument, followCreation, registerServer } from '../../embedded/test/support/caller.ts';
import { onFarm } from '../../embedded/test/support/place.ts';
import { startWorld, type World } from '../../embedded/test/support/world.ts';

/** A server of the farm as the product knows it. */
export interface BenchServer {
  id: string;
  machine: FarmServer;
}

export interface FarmWorld extends AsyncDisposable {
  farm: Farm;
  world: World;
  servers: BenchServer[];
  /** Creates a client and waits for its end. @returns seconds from the request until it was read that the client is there */
  create(server: BenchServer, slug: string): Promise<number>;
}

/** The product over farm servers that are registered over ssh, with nothing else at work. */
export const startFarmWorld = async (count: number, perServer: number): Promise<FarmWorld> => {
  await using started = new AsyncDisposableStack();
  const farm = started.use(await startFarm(Array.from({ length: count }, () => ({ docker: true }))));
  const places = farm.servers.map((machine) => onFarm(farm, machine));
  const [first] = places;
  if (first === undefined) throw new Error('A farm has at least one server');
  const world = await startWorld({
    place: first,
    env: {
      ALFA_BACKUP_EVERY_H: '0',
      ALFA_OPERATIONS_PER_SERVER: String(perServer),
      ALFA_AVAILABILITY_INTERVAL_S: '3600',
      ALFA_SETTINGS_WATCH_INTERVAL_S: '3600',
      ALFA_EXPIRY_WATCH_INTERVAL_S: '3600',
      ALFA_HEALTH_TIMEOUT_S: '120',
    },
  });
  started.defer(() => world.dispose());
  const servers: BenchServer[] = [];
  for (const [index, { connection, machine }] of places.entries()) {
    if (machine === undefined) throw new Error('A place on a farm is a machine');
    const attributes = { name: `bench ${index + 1}`, domain: `bench-${index + 1}.test`, connection };
    const { id } = await registerServer(world.call, { ...attributes, proxy: { httpPort: 80 } });
    servers.push({ id, machine });
  }
  const all = started.move();
  return {
    farm,
    world,
    servers,
    async create({ id }, slug) {
      const begin = performance.now();
      const document = clientDocument(id, slug, 'alfa/client:2', { limits: { memoryMb: 128 } });
      const { body, text } = await world.call('POST', '/clients/create', document);
      if (body?.data === undefined) throw new Error(text);
      const { attributes } = await followCreation(world.call, body.data.id, 900_000);
      if (attributes.completed !== 'ok') throw new Error(JSON.stringify(attributes.error));
      return (performance.now() - begin) / 1000;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
};
