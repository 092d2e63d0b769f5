import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { World } from '../../embedded/test/support/world.ts';

/** Clients worked on at the same time. */
export const parallel = 4;

/** A script run for each of the slugs, as a person would on the server; the slug is its first parameter. */
export const shellLoop = async (
  { docker }: World,
  slugs: readonly string[],
  script: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const loop = spawn(
    'xargs',
    ['-P', String(parallel), '-n', '1', 'bash', '-euo', 'pipefail', '-c', script, 'loop'],
    {
      stdio: ['pipe', 'ignore', 'inherit'],
      env: { ...process.env, ...environment, DOCKER_HOST: `unix://${docker.socketPath}` },
    },
  );
  loop.stdin.end(slugs.map((slug) => `${slug}\n`).join(''));
  const [code] = (await once(loop, 'exit')) as [number];
  if (code !== 0) throw new Error(`A shell loop ended with ${code}: ${script}`);
};

export const migrate = 'exec docker exec "alfa-$1" php artisan migrate --force';
export const rollBack = 'exec docker exec "alfa-$1" php artisan migrate:rollback --step=1 --force';

/**
 * The same with what makes a migration safe: the maintenance page, a dump that is read again and checked, the page off, and a look at the
 * client. Needs `ROOT`, the server's directory, and `PORT` of its proxy.
 */
export const carefulMigrate = `slug=$1
touch "$ROOT/clients/$slug/closed"
docker exec alfa-database bash -euo pipefail -c '
  file=/var/backups/alfa/loop/$1.sql.gz
  sum=$(mariadb-dump --defaults-extra-file=/run/alfa/client.cnf --single-transaction --quick --routines --events "$1" | gzip -3 | tee "$file" | sha256sum)
  sync "$file"
  [ "$(sha256sum < "$file")" = "$sum" ]
  gzip -dc "$file" | tail -n 1 | grep -q "^-- Dump completed"
' dump "alfa_$slug"
docker exec "alfa-$slug" php artisan migrate --force
rm "$ROOT/clients/$slug/closed"
until curl -fsS -o /dev/null -H "Host: $slug.alfa.localhost" "http://127.0.0.1:$PORT/healthz"; do sleep 0.1; done
`;
