import { deleteSqliteFile, type Clock } from '@alfa-cloud/service-kit';
import { openAlerts } from '../alerts/alert-rows.ts';
import { openAvailability } from '../availability/availability.ts';
import { ClientTexts } from '../clients/client-texts.ts';
import { createImagesOnServers, type ImagesOnServers } from '../images/images-on-servers.ts';
import { openObservedImages } from '../images/observed-images.ts';
import type { NewestObservations } from '../observations/newest-observations.ts';
import { createHealthObservations, type HealthObservations } from '../servers/server-health.ts';
import { createAnswers, type AnswerMemory, type Answers } from '../queries/answers.ts';
import { Remembered } from '../answering/remembered.ts';
import { openDatabase } from './database.ts';
import { createReadModels, type Applied, type ReadModels } from './read-models.ts';

/** An open database with all that works on it. */
export interface Store extends Omit<ReadModels, 'apply'>, NewestObservations {
  recordHealth: HealthObservations['record'];
  /** Why its rows have to be built from the first event on; null when they are as they were left. */
  readonly rebuild: string | null;
  readonly answers: Answers;
  recordImages: NewestObservations['record'];
  recordServerImages: ImagesOnServers['record'];
  /** Alerts that are raised, counted by their codes. */
  openAlerts(): ReadonlyMap<string, number>;
  apply(...batch: Parameters<ReadModels['apply']>): Applied;
  isOpen(): boolean;
  close(): void;
}

/** @param options.fresh begin with empty tables even if the file holds good ones */
export const openStore = (file: string, clock: Clock, options: { fresh: boolean }): Store => {
  if (options.fresh) deleteSqliteFile(file);
  const { database, rebuild } = openDatabase(file);
  const memory: AnswerMemory = {
    clientCounts: new Remembered(),
    clientTexts: new ClientTexts(),
    operationCounts: new Remembered(),
    imageUses: new Remembered(),
    servers: new Remembered(),
  };
  const models = createReadModels(database);
  const availability = openAvailability(database);
  const images = openObservedImages(database);
  const health = createHealthObservations();
  const seenImages = createImagesOnServers();
  return {
    rebuild,
    answers: createAnswers({ database, memory, health, seenImages, clock }),
    checkpoint: () => models.checkpoint(),
    record: (message) => availability.record(message),
    recordImages: (message) => images.record(message),
    recordServerImages: (message) => seenImages.record(message),
    recordHealth: (message) => health.record(message),
    openAlerts: () => openAlerts(database),
    apply(events, personal) {
      let applied: Applied;
      try {
        applied = models.apply(events, personal);
      } catch (error) {
        // The rows may have been written all the same: after a deletion the log is emptied, which takes room on the disk.
        memory.clientTexts.forgetAll();
        memory.clientCounts.forget();
        memory.imageUses.forget();
        memory.operationCounts.forget();
        memory.servers.forget();
        throw error;
      }
      if (applied.clientIds.length > 0) {
        memory.clientCounts.forget();
        memory.clientTexts.forget(applied.clientIds);
        memory.imageUses.forget();
      }
      if (applied.operationIds.length > 0) memory.operationCounts.forget();
      if (applied.serverIds.length > 0) memory.servers.forget();
      return applied;
    },
    isOpen: () => database.isOpen,
    close() {
      if (database.isOpen) database.close();
    },
  };
};
