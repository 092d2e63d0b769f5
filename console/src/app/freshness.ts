import type { FeedEvent } from '@alfa-cloud/client';
import { useQueryClient } from '@tanstack/vue-query';
import { computed, onScopeDispose, ref, watch, type Ref } from 'vue';
import { follow } from '../api/alfa.ts';
import { isAlive } from '../api/alive.ts';
import { isFeedLive, newestAnswer } from '../api/contact.ts';
import { rereadingOf } from '../api/rereading.ts';
import { credentials } from '../api/session.ts';
import { useNow } from './clock.ts';

/** Short enough that also where the feed has to be polled a cut is told within 5 s. */
const timeoutMs = 2500;
/** From one try to the next after the feed was refused. */
const refusedPauseMs = 30_000;
/** An answer without the feed holds so long: until the next one that a screen asks for by itself has had its time. */
const answerHoldsMs = 8000;
/** How often it is looked, while what is shown is old, whether Alfa Cloud answers. */
const lookEveryMs = 5000;

export interface Freshness {
  /** Since when what is shown is old, as milliseconds of the clock; null while it is not. */
  awaySince: Readonly<Ref<number | null>>;
  /** Whether Alfa Cloud answers all the same: one that is busy refuses streams before it refuses questions. */
  isAlive: Readonly<Ref<boolean>>;
}

/**
 * Follows the live feed while the page is looked at: reads again what has changed, and says so when nothing is heard any more. A hidden page lets the
 * feed go, since a browser has few connections for all its tabs, and goes on behind what it was told last.
 */
export const watchFreshness = (): Freshness => {
  const rereading = rereadingOf(useQueryClient());
  const now = useNow();
  /** Since when nothing is heard, and when that was noticed. */
  const away = ref<{ since: number; noticedAt: number } | null>(null);
  let cursor: string | null = null;
  /** When the feed was let go while it was heard. */
  let heardAt = Date.now();
  let current: AbortController | null = null;
  let timer = 0;

  const take = (event: FeedEvent) => {
    if (event.name === 'away') {
      if (isFeedLive.value) heardAt = event.since.getTime();
      isFeedLive.value = false;
      away.value ??= { since: heardAt, noticedAt: Date.now() };
      return;
    }
    // Where nothing was missed, only what has changed since is old; what failed meanwhile is asked again as well.
    if (event.name === 'reset' || (event.name === 'open' && (cursor === null || away.value !== null))) {
      rereading.ofAll();
    }
    cursor = event.cursor;
    isFeedLive.value = true;
    away.value = null;
    if (event.name === 'changes') rereading.after(event.changes);
    if (event.name === 'observed') rereading.observed(event.observed);
  };

  const leave = () => {
    clearTimeout(timer);
    current?.abort();
    current = null;
    if (isFeedLive.value) heardAt = Date.now();
    isFeedLive.value = false;
  };
  const begin = () => {
    leave();
    if (document.visibilityState === 'hidden' || credentials.value === null) return;
    const mine = new AbortController();
    current = mine;
    const { signal } = mine;
    const after = cursor === null ? {} : { after: cursor };
    follow((client) => client.followEvents({ ...after, signal, timeoutMs }), take, signal).catch(() => {
      // Refused credentials have ended the session, and this with it: a later session has a feed of its own.
      if (signal.aborted) return;
      take({ name: 'away', cursor, since: new Date() });
      timer = window.setTimeout(begin, refusedPauseMs);
    });
  };

  const { stop: forgetWatch } = watch(credentials, begin, { immediate: true });
  document.addEventListener('visibilitychange', begin);
  // Alfa Cloud answers again: the feed is tried at once, not after the pause that it has come to.
  const isAnswered = computed(
    () => away.value !== null && (newestAnswer.value?.askedAt ?? 0) >= away.value.noticedAt,
  );
  watch(isAnswered, (is) => {
    if (is) begin();
  });
  onScopeDispose(() => {
    forgetWatch();
    document.removeEventListener('visibilitychange', begin);
    leave();
    rereading.stop();
  });

  const awaySince = computed(() => {
    if (away.value === null) return null;
    if (!isAnswered.value || newestAnswer.value === null) return away.value.since;
    // Screens ask by themselves meanwhile, and are answered.
    return now.value - newestAnswer.value.at > answerHoldsMs ? newestAnswer.value.at : null;
  });
  const isHeard = ref(false);
  let lookTimer = 0;
  const look = async () => {
    isHeard.value = await isAlive();
  };
  watch(
    () => awaySince.value !== null,
    (isOld) => {
      clearInterval(lookTimer);
      isHeard.value = false;
      if (!isOld) return;
      void look();
      lookTimer = window.setInterval(() => void look(), lookEveryMs);
    },
  );
  onScopeDispose(() => clearInterval(lookTimer));
  return { awaySince, isAlive: isHeard };
};
