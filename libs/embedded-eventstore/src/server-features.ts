import serverFeaturesPb from '@eventstore/db-client/generated/serverfeatures_pb.js';

/** Version of the real server whose behaviour is followed; clients choose what they use by it. */
const FOLLOWED_VERSION = '24.10.4';

/** Every served method with the optional features of it that clients ask for, in lower case as they compare. */
const METHODS: readonly (readonly [service: string, method: string, features: readonly string[]])[] = [
  ['event_store.client.streams.streams', 'read', ['position', 'events']],
  ['event_store.client.streams.streams', 'append', []],
  ['event_store.client.streams.streams', 'batchappend', ['deadline_duration']],
  ['event_store.client.streams.streams', 'delete', []],
  ['event_store.client.streams.streams', 'tombstone', []],
  ['event_store.client.server_features.serverfeatures', 'getsupportedmethods', []],
  ['event_store.client.gossip.gossip', 'read', []],
];

export function supportedMethods(): serverFeaturesPb.SupportedMethods {
  const methods = METHODS.map(([service, method, features]) =>
    new serverFeaturesPb.SupportedMethod()
      .setServiceName(service)
      .setMethodName(method)
      .setFeaturesList([...features]),
  );
  return new serverFeaturesPb.SupportedMethods()
    .setMethodsList(methods)
    .setEventStoreServerVersion(FOLLOWED_VERSION);
}
