/** NATS did not take or answer a message in time. */
export class MessagingUnavailable extends Error {
  override name = 'MessagingUnavailable';
}
