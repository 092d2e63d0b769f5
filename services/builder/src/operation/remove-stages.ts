import { stagesIn, type CloudServer } from '@alfa-cloud/cloud-server';
import { streams, type OperationEvent } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';

/**
 * Removes images without a name that the steps of a build have made for a worker that was killed: the next one has taken them for those of an earlier
 * build. The operation's log tells which. What something else has come to need by now stays.
 */
export const removeStages = async (
  store: EventStore,
  { operationId, cloud: { docker } }: { operationId: string; cloud: CloudServer },
  signal: AbortSignal,
): Promise<void> => {
  const { events } = await store.read<OperationEvent>(streams.operation(operationId));
  const output = events.flatMap(({ type, data }) =>
    type === 'OperationOutputWritten' && data.step === 'build' ? [data.text] : [],
  );
  const made = stagesIn(output.join(''));
  // With one that goes, the engine removes those that it alone comes from.
  for (const stage of made.toReversed()) {
    const images = await docker.images({ signal });
    const left = images.find(
      ({ id, references }) => references.length === 0 && id.startsWith(`sha256:${stage}`),
    );
    if (left !== undefined) await docker.untagImage(left.id, { signal });
  }
};
