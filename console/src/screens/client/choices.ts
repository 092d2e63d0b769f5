import type { Parameters } from '../../api/alfa.ts';
import type { ImageResource, ServerResource } from '../../api/resources.ts';
import type { ActionField, Choice } from '../../parts/action.ts';
import { dayInWords } from '../../words/moments.ts';
import { serverWords } from '../servers/server-words.ts';

type Ask = NonNullable<ActionField['ask']>;

const all: Parameters = { 'page[size]': 100 };

/**
 * Names of images that a client can be switched to, the newest first, those of its server before the others.
 * @param runsFrom Docker's id of the image that is no choice
 */
export const imagesFor = (
  serverId: string | null,
  runsFrom: string | null,
  words: { here: string; elsewhere: string },
): Ask => ({
  path: '/images',
  parameters: all,
  choicesOf: (images: ImageResource[]) => {
    const choices = images
      .filter(({ id }) => id !== runsFrom)
      .flatMap((image) => image.references.map((reference) => imageChoice(image, reference)))
      .map(({ presence, ...choice }): Choice => {
        const isHere = presence.some(
          (one) => one.serverId === serverId && one.references.includes(choice.value),
        );
        return { ...choice, group: isHere ? words.here : words.elsewhere };
      });
    return choices.toSorted((a, b) => Number(a.group !== words.here) - Number(b.group !== words.here));
  },
});

const imageChoice = ({ build, createdAt, presence }: ImageResource, reference: string) => {
  const parts = [reference, build?.commit?.slice(0, 7), dayInWords(createdAt.slice(0, 10))];
  return { value: reference, text: parts.filter((part) => part !== undefined).join(' · '), presence };
};

/**
 * Servers to choose from.
 * @param parameters of the question; default: those that take new clients
 */
export const serversFor = (
  fits: (server: { id: string; role: string }) => boolean,
  parameters: Parameters = {},
): Ask => ({
  path: '/servers',
  parameters,
  choicesOf: (servers: ServerResource[]) =>
    servers.filter(fits).map((server) => ({
      value: server.id,
      text: `${server.name} · ${serverWords.value.states[server.state]} · ${server.clientCount}/${server.capacity.clients}`,
    })),
});
