import type { ConfigReader } from '@alfa-cloud/service-kit';
import type { CloudServersConfig } from './cloud-servers.ts';

/** How each service that works on servers reaches them. */
export const readCloudServers = (read: ConfigReader): CloudServersConfig => ({
  local: {
    socketPath: read.string('ALFA_DOCKER_SOCKET', '/var/run/docker.sock'),
    root: read.string('ALFA_SERVER_ROOT', '/srv/alfa'),
    address: read.string('ALFA_LOCAL_PROXY_HOST', '127.0.0.1'),
  },
  sshRoot: read.string('ALFA_SSH_SERVER_ROOT', '/srv/alfa'),
});
