import type { StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import type { Resource } from '../../resources/resource.ts';

type ResourceStep<Context> = Partial<Omit<StepWork<Context>, 'act' | 'compensate'>> & {
  resource: (context: Context) => Pick<Resource, 'ensure' | 'remove'>;
};

/** A step that makes a resource, and removes it again when the operation fails. Default deadline 2 min. */
export const resourceStep = <Context>({ resource, ...step }: ResourceStep<Context>): StepWork<Context> =>
  serverStep({
    deadlineMs: 120_000,
    ...step,
    act: (context, { signal }) => resource(context).ensure({ signal }),
    compensate: (context, { signal }) => resource(context).remove({ signal }),
  });
