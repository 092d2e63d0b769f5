import type { ImageStep } from '@alfa-cloud/cloud-server';

/** A layer of an image and what it holds, in bytes. */
export interface Layer {
  digest: string;
  sizeBytes: number;
}

/**
 * Layers of an image with their sizes, oldest first. The engine tells sizes by instruction, and one that changes no file makes no layer; which of
 * those without a byte have made one need not be known, as such layers free nothing.
 * @param steps oldest first; where they do not fit to the layers every size is 0, so that no more is promised than is freed
 */
export const layersOf = (digests: readonly string[], steps: readonly ImageStep[]): Layer[] => {
  let empty = digests.length - steps.filter(({ sizeBytes }) => sizeBytes > 0).length;
  if (empty < 0) return digests.map((digest) => ({ digest, sizeBytes: 0 }));
  const sizes: number[] = [];
  for (const { instruction, sizeBytes } of steps) {
    if (sizeBytes > 0) sizes.push(sizeBytes);
    else if (empty > 0 && mayMakeLayer.test(instruction)) {
      sizes.push(0);
      empty -= 1;
    }
  }
  return digests.map((digest, index) => ({ digest, sizeBytes: sizes[index] ?? 0 }));
};

/** `#(nop)` marks what runs no command; of those only these touch files. */
const mayMakeLayer = /#\(nop\) +(?:COPY|ADD|WORKDIR)\b|^(?!.*#\(nop\))/;

/**
 * What would be freed by each image that goes, in bytes: layers that no image that stays has, each counted once, with the first image that has it.
 * An engine keeps a layer once only where all layers below it are the same, too.
 */
export const freedByEach = (
  going: readonly (readonly Layer[])[],
  staying: readonly (readonly Layer[])[],
): number[] => {
  const root: Place = new Map();
  for (const layers of staying) walk(root, layers);
  return going.map((layers) => walk(root, layers));
};

/** Layers that have been seen upon the same ones. */
type Place = Map<string, Place>;

/** @returns bytes of the layers that had not been seen */
const walk = (root: Place, layers: readonly Layer[]): number => {
  let place = root;
  let newBytes = 0;
  for (const { digest, sizeBytes } of layers) {
    let next = place.get(digest);
    if (next === undefined) {
      next = new Map();
      place.set(digest, next);
      newBytes += sizeBytes;
    }
    place = next;
  }
  return newBytes;
};
