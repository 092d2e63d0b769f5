/**
 * The service `CRASH_SERVICE` (`provisioner`, `builder`) as a process that kills itself (SIGKILL) at each of the points given in `CRASH_POINTS`, once each, in any order in which
 * it meets them; a point whose step is `*` stands for the same point of every step. Points met are written to the file `CRASH_FILE` before the kill.
 *
 * Its work begins when its standard input says so, since most of the time of a start goes into loading the code; it ends when that is closed before.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import { createBuilder, readBuilderConfig } from '@alfa-cloud/builder';
import { createProvisioner, readProvisionerConfig } from '@alfa-cloud/provisioner';
import type { OperationObserver } from '@alfa-cloud/operations';
import { createCloudServers, type CloudServers } from '@alfa-cloud/servers';
import { hostService } from '@alfa-cloud/service-host';
import { runService } from '@alfa-cloud/service-kit';
import { withCallsTold } from './calls-of-server.ts';
import { withMomentsTold } from './moments-of-images.ts';

process.stdin.once('end', () => process.exit(0));
await once(process.stdin, 'data');
process.stdin.removeAllListeners('end').destroy();

const points = new Set<string>(JSON.parse(process.env['CRASH_POINTS'] ?? '[]') as string[]);
const file = process.env['CRASH_FILE'] ?? '';
const met = new Set(existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []);

const dieAt = (point: string): void => {
  const ofAnyStep = point.replace(/^[^/]+\//, '*/');
  if (met.has(point) || !(points.has(point) || points.has(ofAnyStep))) return;
  appendFileSync(file, `${point}\n`);
  process.kill(process.pid, 'SIGKILL');
};

/** Step and kind of work under way and calls to the server since it began, e.g. `container`, `container/started` and 2. */
let step = '';
let place = '';
let calls = 0;
/** Set in what a step does, so that calls of the watches, which go on beside it, are not taken for its own. */
const insideStep = new AsyncLocalStorage<true>();

/** Calls go to the server; the process dies while the n-th one of a step is under way, or in a moment of an image that comes or goes there. */
const dyingServer = (server: CloudServer, kind: string): CloudServer =>
  withCallsTold(
    withMomentsTold(server, (moment) => dieAt(`${step}/${kind}/${moment}`)),
    () => {
      if (insideStep.getStore() !== true) return;
      calls += 1;
      const point = `${place}/call ${calls}`;
      setImmediate(() => dieAt(point));
    },
  );

const dyingServers = (real: CloudServers): CloudServers => ({
  of: (server) => dyingServer(real.of(server), server.connection.kind),
  close: () => real.close(),
});

const operationObserver: OperationObserver = ({ step: at, phase }) => {
  if (phase === 'started' || phase === 'compensating') {
    step = at ?? '';
    place = `${step}/${phase}`;
    calls = 0;
    insideStep.enterWith(true);
  }
  dieAt(`${at ?? ''}/${phase}`);
};

const provisioner = (env: NodeJS.ProcessEnv) =>
  hostService('provisioner', readProvisionerConfig(env), (config, deps) => {
    const cloudServers = dyingServers(createCloudServers(config, { ...deps, store: deps.eventStore }));
    return createProvisioner(config, { ...deps, cloudServers, operationObserver });
  });

const builder = (env: NodeJS.ProcessEnv) =>
  hostService('builder', readBuilderConfig(env), (config, deps) => {
    const cloudServers = dyingServers(createCloudServers(config, { ...deps, store: deps.eventStore }));
    return createBuilder(config, { ...deps, cloudServers, operationObserver });
  });

const service = process.env['CRASH_SERVICE'] === 'builder' ? 'builder' : 'provisioner';
await runService(
  service,
  async (env) => (service === 'builder' ? builder(env) : provisioner(env)),
  process.env,
);
