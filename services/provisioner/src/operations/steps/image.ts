import type { StepWork } from '@alfa-cloud/operations';
import { imageInWords, serverStep } from '@alfa-cloud/servers';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { bringImage, type BringImageDeps, type Brought } from '../../resources/image/bring-image.ts';
import type { SoughtImage } from '../../resources/image/find-image.ts';

const slackMs = 120_000;

/** Brings the image to the client's server if it is not there. It stays there also when the operation fails: others may use it by then. */
export const imageStep = (
  deps: BringImageDeps,
  wanted: (client: ClientOnServer) => SoughtImage,
): StepWork<ClientOnServer> =>
  serverStep({
    deadlineMs: 2 * deps.imageTransfer.transferMs + deps.imageTransfer.pullMs + slackMs,
    cancellable: true,
    async act(client, io) {
      const image = wanted(client);
      const brought = await bringImage(deps, { ...image, to: client.server }, io);
      return `Image ${imageInWords(image.reference, brought.imageId)} ${wayOf(brought)}`;
    },
  });

const wayOf = ({ from, bytesSent }: Brought): string => {
  if (from === 'present') return 'is on the server';
  if (from === 'registry') return 'was fetched from its registry';
  return `was brought from server ${from.name}: ${(bytesSent / 1e6).toFixed(1)} MB`;
};
