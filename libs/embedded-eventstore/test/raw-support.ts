/** For facts of the protocol that the client library cannot ask for or does not show: the generated stubs, and requests. */
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll } from '@jest/globals';

const { ReadReq } = streamsPb;

/** A client of the stubs beside the real one, for the tests of a file. */
export function useStreamsClient(store: { connectionString: string }): { client: StreamsClient } {
  const context = {} as { client: StreamsClient };
  beforeAll(() => {
    const { host } = new URL(store.connectionString.replace(/^esdb(\+discover)?:/, 'http:'));
    context.client = new StreamsClient(host, credentials.createInsecure());
  });
  afterAll(() => context.client.close());
  return context;
}

export const empty = () => new sharedPb.Empty();
export const named = (stream: string) => new sharedPb.StreamIdentifier().setStreamName(Buffer.from(stream));
export const uuid = (text: string) => new sharedPb.UUID().setString(text);

export type Options = streamsPb.ReadReq.Options;
export type FilterOptions = streamsPb.ReadReq.Options.FilterOptions;

/** A sensible request for everything in a stream or in $all, to be made senseless by the test. */
export function request(
  change: (options: Options) => unknown = () => undefined,
  stream?: string,
): streamsPb.ReadReq {
  const options = new ReadReq.Options()
    .setCount('100')
    .setNoFilter(empty())
    .setUuidOption(new ReadReq.Options.UUIDOption().setString(empty()));
  if (stream === undefined) options.setAll(new ReadReq.Options.AllOptions().setStart(empty()));
  else {
    options.setStream(
      new ReadReq.Options.StreamOptions().setStreamIdentifier(named(stream)).setStart(empty()),
    );
  }
  change(options);
  return new ReadReq().setOptions(options);
}

export const filterOf = (
  change: (filter: FilterOptions, expression: streamsPb.ReadReq.Options.FilterOptions.Expression) => unknown,
) => {
  const expression = new ReadReq.Options.FilterOptions.Expression();
  const filter = new ReadReq.Options.FilterOptions()
    .setStreamIdentifier(expression)
    .setMax(32)
    .setCheckpointintervalmultiplier(1);
  change(filter, expression);
  return filter;
};

export async function readFrom(
  client: StreamsClient,
  message: streamsPb.ReadReq,
): Promise<streamsPb.ReadResp[]> {
  const responses: streamsPb.ReadResp[] = [];
  for await (const response of client.read(message)) responses.push(response as streamsPb.ReadResp);
  return responses;
}
