import { message, reasonOf, type Message, type Reason } from '@alfa-cloud/contracts';
import { inOne, keptPrefix, workName, type LabelledBuild } from '../image/image-tags.ts';
import { meantBy } from '../image/meant-names.ts';
import type { Found, FoundImage } from './found.ts';
import type { Needs } from './needs.ts';

export const because = (code: string, words: Message): Reason => ({ code, ...reasonOf(words) });

/** Names that a build has given its image, or may: its own, and that of the branch, which moves. */
export const namesOf = ({ tag, movingTag }: LabelledBuild, { repositories }: Needs) => ({
  own: [...repositories].map((repository) => inOne({ repository, tag })),
  moving: [...repositories].map((repository) => inOne({ repository, tag: movingTag })),
});

/** What needs an image of a build, besides its age: none, and it may go. */
export const neededBy = (
  image: FoundImage,
  build: LabelledBuild,
  { found, needs }: { found: Found; needs: Needs },
): Reason[] => [
  ...byName(image, build, needs),
  ...byOperation(image, build, needs),
  ...byClient(image, build, needs),
  ...byContainer(image, found),
];

const byName = ({ references }: FoundImage, build: LabelledBuild, needs: Needs): Reason[] => {
  const { own, moving } = namesOf(build, needs);
  const given: readonly string[] = [...own, inOne(workName(build.operationId))];
  return references.flatMap((name) => {
    if (given.includes(name)) return [];
    if (moving.includes(name))
      return [
        because(
          'moving_tag',
          message`${name} means it: it is the last one of branch ${build.branch} that has passed`,
        ),
      ];
    return name.startsWith(keptPrefix)
      ? [because('rollback', message`A rollback of a client leads to it: it has the name ${name}`)]
      : [because('foreign_name', message`It also has the name ${name}, which no build has given`)];
  });
};

const byOperation = (image: FoundImage, build: LabelledBuild, needs: Needs): Reason[] => {
  const { own, moving } = namesOf(build, needs);
  // One that is just being brought to the server has no name yet: by the name of its branch, or for a client that is bound to that.
  const awaited = image.references.length === 0 ? [...moving, ...boundTo(moving, needs)] : [];
  const names = [image.id, ...image.references, ...own, ...awaited];
  const builds = needs.running.filter(
    ({ operationId, image: brought }) =>
      operationId === build.operationId || (brought !== null && own.includes(inOne(brought))),
  );
  const operations = needs.operations.filter(({ words }) => names.some((name) => words.has(name)));
  return [...builds.map(({ operationId }) => operationId), ...operations.map(({ id }) => id)].map((id) =>
    because('operation', message`Operation ${id}, which has not ended, may need it`),
  );
};

/** Ids of clients that run from one of these names, or would after a rollback. */
const boundTo = (names: readonly string[], { clients }: Needs): string[] =>
  clients
    .filter(({ image, previousImage: previous }) =>
      [image, ...(previous === null ? [] : [previous.reference])].some((name) => isOneOf(names, name)),
    )
    .map(({ id }) => id);

const isOneOf = (names: readonly string[], reference: string): boolean =>
  meantBy(reference).some((meant) => names.includes(meant));

const namedMax = 5;

const byClient = ({ id, references }: FoundImage, build: LabelledBuild, needs: Needs): Reason[] => {
  const { clients } = needs;
  // One that a move is just bringing to the server has no name yet, and may have another id here.
  const names = [id, ...references, ...namesOf(build, needs).own];
  const run = clients.filter(({ imageId, image }) => imageId === id || isOneOf(names, image));
  const back = clients.filter(
    ({ previousImage: previous }) =>
      previous !== null && (previous.id === id || isOneOf(names, previous.reference)),
  );
  return [
    ...(run.length === 0
      ? []
      : [because('client', message`Clients have it: ${inShort(run.map(({ slug }) => slug))}`)]),
    ...(back.length === 0
      ? []
      : [
          because(
            'rollback',
            message`A rollback leads to it of clients ${inShort(back.map(({ slug }) => slug))}`,
          ),
        ]),
  ];
};

const byContainer = ({ id }: FoundImage, { containers }: Found): Reason[] => {
  const made = containers.filter(({ imageId }) => imageId === id).map(({ name }) => name);
  return made.length === 0
    ? []
    : [because('container', message`Containers are made from it: ${inShort(made)}`)];
};

const inShort = (names: readonly string[]): string =>
  `${names.toSorted().slice(0, namedMax).join(', ')}${names.length > namedMax ? ` (${names.length})` : ''}`;
