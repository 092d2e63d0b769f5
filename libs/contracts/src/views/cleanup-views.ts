import type { Reason } from '../words/reason.ts';
import { count, listOf, moment, oneOf, part, quantity, shownReason, text } from './property.ts';
import { type AttributesOf, defineResource } from './resource.ts';

const image = {
  id: text("Docker's id of the image.", 'sha256:9f64c3e07a1d5b2c4f0e'),
  references: listOf(text('`repository:tag`.', 'alfa-client:1.3.0'), 'Its names.'),
  sizeBytes: quantity("Docker's count of all its layers, bytes.", 348_127_232),
  createdAt: moment('When it was made.'),
};

export const cleanupPlanResource = defineResource({
  type: 'cleanup-plans',
  title: { en: 'Plan of a clean-up', ru: 'План очистки' },
  description:
    'What a clean-up of a server would remove at the moment. It is kept nowhere: its id only tells it from others.',
  attributes: {
    keep: count('Newest images that stay of each branch.', 5),
    freesBytes: count('What would be free afterwards, bytes.', 1_048_576),
    remove: listOf(
      part(
        {
          ...image,
          ...shownReason,
          freesBytes: count(
            'What of it nothing that stays shares, bytes; what several share is counted with the first of them.',
            1_048_576,
          ),
        },
        'An image that goes, and why.',
      ),
      'Images that go.',
    ),
    leftovers: listOf(
      part(
        {
          kind: oneOf(['container', 'network'], 'What it is.'),
          name: text('Its name.', 'alfa-smoke-5b2c4f0e'),
        },
        'One of them.',
      ),
      'What killed smoke tests have left, and goes.',
    ),
    kept: listOf(
      part(
        { ...image, reasons: listOf(part(shownReason, 'One reason.'), 'All that speaks for it.') },
        'An image that stays.',
      ),
      'The first 500 images that stay, the largest first.',
    ),
    keptTotal: count('Images that stay, in all.', 12),
  },
  relationships: { server: { to: 'servers', description: 'The server.' } },
});

type Plan = AttributesOf<typeof cleanupPlanResource>;

/** An image on a server, as a clean-up sees it. */
export type CleanupImage = Omit<Plan['kept'][number], 'reasons'>;

/** An image that a clean-up removes. */
export type RemovableImage = Plan['remove'][number] & Reason;

/** An image that stays, and all that speaks for it. */
export type KeptImage = CleanupImage & { reasons: Reason[] };

/** What a clean-up of a server would remove at the moment. */
export interface CleanupPlanView extends Omit<Plan, 'remove' | 'kept'> {
  serverId: string;
  remove: RemovableImage[];
  kept: KeptImage[];
}
