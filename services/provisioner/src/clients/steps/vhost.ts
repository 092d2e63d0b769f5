import type { Step } from '@alfa-cloud/event-sourcing';
import { serverStep } from '../../on-server/failures.ts';
import { isOwned } from '../../on-server/owned-directory.ts';
import { changeProxy, reloadProxy, seenByProxy } from '../../on-server/proxy.ts';
import { vhostText } from '../../on-server/proxy-configuration.ts';
import type { Creation } from '../creation.ts';

/** The client's virtual host in the proxy of the server. */
export const vhostStep: Step<Creation> = serverStep({
  name: 'vhost',
  deadlineMs: 120_000,
  async act({ cloud, client, names, mark }, { signal }) {
    const { vhostFile, host, container } = names;
    const text = vhostText({ mark, slug: client.slug, host, container });
    await changeProxy(
      cloud,
      seenByProxy(client.slug),
      {
        change: () => cloud.files.writeAtomic(vhostFile, text, { signal, mode: 0o644 }),
        undo: () => cloud.files.removeFile(vhostFile, { signal }),
      },
      { signal },
    );
    return `${host} leads to the client`;
  },
  async compensate({ cloud, names, directory }, { signal }) {
    if (!(await isOwned(cloud, directory, { signal }))) return 'There is no virtual host of this operation';
    await cloud.files.removeFile(names.vhostFile, { signal });
    await reloadProxy(cloud, { signal });
    return `${names.host} leads nowhere`;
  },
});
