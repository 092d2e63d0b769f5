import { message, type Reason } from '@alfa-cloud/contracts';
import { label } from '@alfa-cloud/servers';
import { buildOfImage, inOne, workName, type LabelledBuild } from '../image/image-tags.ts';
import { smokePrefix } from '../smoke/smoke-plans.ts';
import type { Found, FoundImage } from './found.ts';
import { freedByEach } from './layers.ts';
import type { Needs } from './needs.ts';
import { because, namesOf, neededBy } from './needed.ts';

/** A container or a network that a killed smoke test has left. */
export interface Leftover {
  kind: 'container' | 'network';
  name: string;
}

/** What goes, why, and what stays for all of which reasons. */
export interface CleanupPlan {
  remove: readonly { image: FoundImage; reason: Reason; freesBytes: number }[];
  leftovers: readonly Leftover[];
  kept: readonly { image: FoundImage; reasons: readonly Reason[] }[];
}

export interface CleanupRules {
  serverId: string;
  /** Newest images that stay of each branch. */
  keep: number;
}

/**
 * What on a server nobody needs: images that builds of this installation have made, but for the newest of each branch and all that something
 * needs, and what smoke tests have left. All else stays. Pure.
 */
export const planCleanup = (found: Found, needs: Needs, { serverId, keep }: CleanupRules): CleanupPlan => {
  const images = found.images.map((image) => ({
    image,
    build: buildOfImage(image.labels, image.lastInstruction),
  }));
  const newest = newestOf(images, needs, keep);
  const judged = images.map(({ image, build }) => ({
    image,
    build,
    reasons: build === null ? [notOurs] : reasonsToStay(image, build, { found, needs, newest, keep }),
  }));
  const going = judged.flatMap(({ image, build, reasons }) =>
    build === null || reasons.length > 0 ? [] : [{ image, reason: whyItGoes(image, build, keep) }],
  );
  const kept = judged.filter(({ reasons }) => reasons.length > 0);
  const freed = freedByEach(
    going.map(({ image }) => image.layers),
    kept.map(({ image }) => image.layers),
  );
  return {
    remove: going.map((each, index) => ({ ...each, freesBytes: freed[index] ?? 0 })),
    leftovers: leftoversIn(found, needs, serverId),
    kept: kept.map(({ image, reasons }) => ({ image, reasons })),
  };
};

const notOurs = because('not_ours', message`No build of Alfa Cloud has made it`);

type Judged = { image: FoundImage; build: LabelledBuild | null };

/** Ids of the newest images of each branch that have passed their tests: those have a name. */
const newestOf = (images: readonly Judged[], needs: Needs, keep: number): ReadonlySet<string> => {
  const passed = images.flatMap(({ image, build }) =>
    build !== null && namesOf(build, needs).own.some((name) => image.references.includes(name))
      ? [{ id: image.id, ...build }]
      : [],
  );
  const branches = Map.groupBy(passed, ({ branch }) => branch).values();
  const newestFirst = (a: LabelledBuild, b: LabelledBuild) => (a.startedAt < b.startedAt ? 1 : -1);
  return new Set(
    [...branches].flatMap((ofBranch) => ofBranch.toSorted(newestFirst).slice(0, keep)).map(({ id }) => id),
  );
};

const reasonsToStay = (
  image: FoundImage,
  build: LabelledBuild,
  { found, needs, newest, keep }: { found: Found; needs: Needs; newest: ReadonlySet<string>; keep: number },
): Reason[] => {
  if (!needs.builds.has(build.operationId))
    return [because('other_installation', message`Another installation of Alfa Cloud has built it`)];
  const isNewest = newest.has(image.id);
  return [
    ...(isNewest
      ? [because('newest', message`It is one of the newest ${keep} images of branch ${build.branch}`)]
      : []),
    ...neededBy(image, build, { found, needs }),
  ];
};

const whyItGoes = (image: FoundImage, { operationId, branch }: LabelledBuild, keep: number): Reason => {
  const work = inOne(workName(operationId));
  if (image.references.every((name) => name === work))
    return because('left_over', message`It has no name: a build or a transfer that was cut off has left it`);
  return because('old', message`Branch ${branch} has ${keep} newer images, and nothing needs this one`);
};

const leftoversIn = ({ containers, networks }: Found, needs: Needs, serverId: string): Leftover[] => {
  const isLeft = ({ name, labels }: Found['networks'][number]): boolean => {
    const operationId = labels[label.operation] ?? '';
    const isOurs =
      labels[label.managed] === 'true' && labels[label.server] === serverId && needs.builds.has(operationId);
    return isOurs && name.startsWith(smokePrefix) && !isRunning(needs, operationId);
  };
  return [
    ...containers.filter(isLeft).map(({ name }) => ({ kind: 'container' as const, name })),
    ...networks.filter(isLeft).map(({ name }) => ({ kind: 'network' as const, name })),
  ];
};

const isRunning = ({ running }: Needs, build: string): boolean =>
  running.some(({ operationId }) => operationId === build);
