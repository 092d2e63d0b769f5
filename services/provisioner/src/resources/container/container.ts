import { message, wordsOf } from '@alfa-cloud/contracts';
import {
  isCloudServerError,
  type CallOptions,
  type CloudServer,
  type ContainerSpec,
} from '@alfa-cloud/cloud-server';
import { isMadeBy, label, mayTakeOver, type Origin } from '@alfa-cloud/servers';
import { nameOccupied, transient } from '../../on-server/failures.ts';
import { attachToNetworks } from '../network/attachments.ts';

/** A container under its name, which makes two at a time impossible. */
export const container = (server: CloudServer, name: string, origin: Origin) => {
  const { docker } = server;
  return {
    /**
     * Makes and starts it. One that this operation made by the same plan is kept, by another plan replaced; anybody else's is a final failure
     * `name_occupied`.
     */
    async ensure(spec: ContainerSpec, options: CallOptions): Promise<void> {
      const found = await docker.container(name, options);
      if (found !== null && !mayTakeOver(origin, found.labels))
        throw nameOccupied(message`Container ${name}`);
      const isKept = found?.labels[label.plan] === spec.labels[label.plan];
      if (found !== null && !isKept) await docker.removeContainer(name, options);
      if (found === null || !isKept) {
        await docker.createContainer(name, spec, options).catch(appearedMeanwhile);
      }
      await attachToNetworks(server, name, spec.furtherNetworks ?? [], options);
      await docker.startContainer(name, options);
    },
    /** Removes it when this operation made it. @returns a sentence for the log */
    async remove(options: CallOptions): Promise<string> {
      const found = await docker.container(name, options);
      if (found === null) return `Container ${name} is not there`;
      if (!isMadeBy(origin, found.labels)) return `Container ${name} is not of this operation: left alone`;
      await docker.removeContainer(name, options);
      return `Container ${name} removed`;
    },
  };
};

/** An attempt that was cut off may have succeeded after all: the next attempt sees whose container it is. */
const appearedMeanwhile = (error: unknown): never => {
  if (!isCloudServerError(error) || error.code !== 'name_in_use') throw error;
  throw transient('name_in_use', wordsOf(error));
};
