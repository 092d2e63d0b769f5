import type { Descriptor, OperationKind, OperationTarget } from '@alfa-cloud/contracts';
import type { StartedOperation } from '../commands/send-command.ts';

/**
 * What a command starts, as far as its sender knows: its operation on a client or a server.
 * @param asked parameters of the request that may be shown; default: none
 */
export const startedOn = <Kind extends string>(
  { kind, subject }: Pick<Descriptor<Kind>, 'kind' | 'subject'>,
  id: string,
  asked?: Readonly<Record<string, unknown>>,
): StartedOperation & { kind: OperationKind } => ({
  kind: kind as OperationKind,
  target: targetOf(subject, id),
  ...(asked === undefined ? {} : { parameters: { ...asked } }),
});

const targetOf = (subject: Descriptor['subject'], id: string): OperationTarget =>
  subject === 'client' || subject === 'server' ? { type: subject, id } : { type: 'none', id: null };
