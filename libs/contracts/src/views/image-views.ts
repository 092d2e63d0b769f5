import { count, flag, idOf, listOf, moment, oneOf, orNull, part, quantity, text } from './property.ts';
import { type AttributesOf, defineResource } from './resource.ts';

const imageId = text("Docker's id of the image.", 'sha256:9f64c3e07a1d5b2c4f0e');

/** An image by the name under which it was asked for, and by Docker's id of what the name meant then. */
export const imageIdentity = {
  reference: text('The name under which it was asked for.', 'alfa-client:1.3.0'),
  id: imageId,
};
export interface ImageIdentity {
  reference: string;
  id: string;
}

const ofImage = {
  version: orNull(text('Version of the application by its label; null: it has none.', '1.4.0')),
  sizeBytes: quantity('Size, bytes.', 348_127_232),
  createdAt: moment('When it was made.'),
};
const name = text('`repository:tag`.', 'alfa-client:1.4.0');
const clients = {
  to: 'clients',
  many: true,
  description: 'Clients that run from it.',
} as const;

export const imageResource = defineResource({
  type: 'images',
  title: { en: 'Image on a server', ru: 'Образ на сервере' },
  description: "An image of the client application on one server. Its id is Docker's.",
  id: imageId,
  attributes: {
    references: listOf(
      name,
      'Its names there; none when its last one means another image by now and clients still run from it.',
    ),
    ...ofImage,
  },
  relationships: { clients },
});

/** An image of the client application on a server. */
export interface ServerImage extends AttributesOf<typeof imageResource> {
  /** Docker's image id, `sha256:…`. */
  id: string;
  /** Clients that run from it. */
  clientIds: string[];
}

export const imageOverviewResource = defineResource({
  type: 'image-overviews',
  title: { en: 'Image over all servers', ru: 'Образ на всех серверах' },
  description: "An image of the client application, over all servers. Its id is Docker's.",
  id: imageId,
  attributes: {
    references: listOf(
      name,
      'Its names on all servers; none when its last one means another image by now and clients still run from it.',
    ),
    ...ofImage,
    outdated: flag('A newer image has one of its repositories, or it has no name any more.'),
    clientCount: count('Clients that run from it.', 3),
    presence: listOf(
      part(
        {
          serverId: idOf('The server.'),
          references: listOf(name, 'Its names there.'),
          checkedAt: moment('When it was seen there last.'),
        },
        'One server that has it.',
      ),
      'Where it is.',
    ),
    build: orNull(
      part(
        {
          buildId: idOf('The build.'),
          role: oneOf(['prod', 'dev'], 'Which of the two branches it is of.'),
          branch: text('Name of the branch.', 'master'),
          commit: text('Its commit, hex.', '5f0c1d9e8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e'),
        },
        'The build that made it; null: it was not built here, or too long ago to be told.',
      ),
    ),
  },
  relationships: {
    servers: { to: 'servers', many: true, description: 'Servers that have it.' },
    clients: { ...clients, description: 'The first hundred clients that run from it, by slug.' },
  },
});

type Overview = AttributesOf<typeof imageOverviewResource>;

/** The build that an image comes from. */
export type ImageBuild = NonNullable<Overview['build']>;

/** An image of the client application, over all servers. */
export interface ImageView extends Omit<Overview, 'presence'> {
  id: string;
  /** Where it is, with its names there, as it was seen last. */
  servers: Overview['presence'];
  /** The first hundred of them, by slug. */
  clientIds: string[];
}
