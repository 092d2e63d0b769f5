import { startDockerEngine } from '../src/docker-engine.ts';
import { ensureImages, rigImages } from './ensure-images.ts';

export { ensureImages, rigImages };

/** `node testing/images/build.ts [socket]`: into that engine, else into an engine of the rig's own, which fills the cache. */
async function main(socketPath: string | undefined): Promise<void> {
  const log = (line: string) => console.log(line);
  if (socketPath === undefined) await (await startDockerEngine({ log })).dispose();
  else await ensureImages({ socketPath, log });
  log(`images ready: ${Object.values(rigImages).join(', ')}`);
}

if (import.meta.main) await main(process.argv[2]);
