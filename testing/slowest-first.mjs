// The order in which jest runs the integration tests. Two workers share them: a long file that begins last keeps one worker waiting for the other.

/** Files that take more than a minute, the longest first. Another order costs time and nothing else. */
const slowest = [
  'embedded/test/clients-local.test.ts',
  'embedded/test/three-servers.test.ts',
  'embedded/test/cable-walk.test.ts',
  'embedded/test/reboot-server.test.ts',
  'embedded/test/outages-actions.test.ts',
  'embedded/test/crash-walk-bulk.test.ts',
  'embedded/test/clients-ssh.test.ts',
  'embedded/test/crash-walk-actions.test.ts',
  'embedded/test/move-client.test.ts',
  'embedded/test/ssh-server.test.ts',
  'embedded/test/crash-walk.test.ts',
  'embedded/test/crash-walk-build.test.ts',
  'services/provisioner/test/unusual-databases.test.ts',
  'services/provisioner/test/replace.test.ts',
  'embedded/test/secrets.test.ts',
  'embedded/test/drain-server.test.ts',
  'embedded/test/console-screens.test.ts',
  'embedded/test/console-actions.test.ts',
  'embedded/test/outages.test.ts',
  'embedded/test/compose.test.ts',
  'embedded/test/copy-client.test.ts',
  'services/provisioner/test/transfer.test.ts',
  'services/provisioner/test/hanging-command.test.ts',
  'services/provisioner/test/laboratory.test.ts',
  'services/provisioner/test/isolation.test.ts',
  'services/provisioner/test/backups.test.ts',
  'libs/embedded-eventstore/test/side-by-side.test.ts',
  'services/provisioner/test/bulk.test.ts',
  'services/provisioner/test/sudo-user.test.ts',
];

const rankOf = ({ path }) => {
  const rank = slowest.findIndex((file) => path.endsWith(file));
  return rank === -1 ? slowest.length : rank;
};

export default class SlowestFirst {
  sort(tests) {
    return [...tests].sort((one, other) => rankOf(one) - rankOf(other) || one.path.localeCompare(other.path));
  }
  allFailedTests(tests) {
    return tests;
  }
  cacheResults() {}
  shard(tests) {
    return tests;
  }
}
