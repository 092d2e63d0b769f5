import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import { unknownError } from './errors.ts';

/** Reads the name of a stream. @throws StatusError when there is none */
export function readName(identifier: sharedPb.StreamIdentifier | undefined): string {
  const name = Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
  if (!isValidName(name)) throw unknownError('A stream name is required.');
  return name;
}

/** Any text is a name, except the empty one and `$$`, which would be the metadata of the empty one. */
export const isValidName = (name: string): boolean => name !== '' && name !== '$$';

export const nameToWire = (name: string): sharedPb.StreamIdentifier =>
  new sharedPb.StreamIdentifier().setStreamName(Buffer.from(name, 'utf8'));
