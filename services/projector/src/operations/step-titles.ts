/** Names of steps and operations in words for people, where the name alone does not say it well. */
const titles = new Map([
  ['server.prepare', 'Preparation of the server'],
  ['client.create', 'Creation of the client'],
  ['command.rejected', 'Command'],
  ['database', 'Database and user'],
  ['proxy', 'Virtual host in the proxy'],
]);

/** `wait-healthy` → `Wait healthy`; names with a title of their own get that. */
export const titleOf = (name: string): string => titles.get(name) ?? capitalised(name);

const capitalised = (name: string): string => {
  const words = name.replaceAll(/[._-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};
