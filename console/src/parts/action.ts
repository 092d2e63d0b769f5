import type { Component } from 'vue';
import type { Reference } from '@alfa-cloud/client';
import type { Parameters } from '../api/alfa.ts';

/** What was filled in, by the names of the fields. A number stands as it was typed. */
export type ActionValues = Readonly<Record<string, string | boolean>>;

export interface Choice {
  value: string;
  text: string;
  /** Choices of one group stand together under its name. */
  group?: string;
}

/** What is filled in before an action is sent. */
export interface ActionField {
  name: string;
  /** `password`: one that is given away and can be made here; `secret`: one that somebody else has made. */
  kind: 'line' | 'lines' | 'number' | 'date' | 'password' | 'secret' | 'check' | 'choice';
  label: string;
  hint?: string;
  /** Default: empty, or not ticked. */
  initial?: string | boolean;
  isRequired?: boolean;
  /** Short ones stand beside each other. */
  isShort?: boolean;
  min?: number;
  max?: number;
  choices?: readonly Choice[];
  /** Choices that the API tells; in place of `choices`. */
  ask?: { path: string; parameters?: Parameters; choicesOf: (data: never) => readonly Choice[] };
  /** What no choice means; default: that one has to be made. */
  none?: string;
  /** Something else than the choices may be written too; the label of the field for it. */
  other?: string;
}

/** As {@link send} sends it. */
export interface ActionRequest {
  method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  path: string;
  parameters?: Parameters;
  type?: string;
  id?: string;
  attributes?: Record<string, unknown>;
  relationships?: Record<string, Reference | null>;
}

/** What would happen, asked for before it is sent. */
export interface ActionPlan {
  /** Null while too little is filled in. */
  question: (values: ActionValues) => { path: string; parameters: Parameters } | null;
  /** Of the question; default GET. */
  method?: 'GET' | 'POST';
  /** Shows it; takes the attributes of the answer as `plan`. */
  view: Component;
  /** Whether it speaks against sending at all. */
  isBlocked: (plan: never) => boolean;
}

/** Something that can be done, in words, with all that the dialog needs to do it. */
export interface Action {
  key: string;
  name: string;
  icon: Component;
  /** What will happen, in full sentences. */
  does: string;
  /** What is lost or may go wrong; absent where nothing is. */
  risk?: string;
  /** Nothing brings back what it takes. */
  isDangerous?: boolean;
  fields: readonly ActionField[];
  /** Has to be typed before it can be sent. */
  typed?: string;
  plan?: ActionPlan;
  request: (values: ActionValues) => ActionRequest;
}

/** Empty texts are no value. */
export const filled = (value: string | boolean | undefined): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

export const initialValues = (fields: readonly ActionField[]): Record<string, string | boolean> =>
  Object.fromEntries(
    fields.map(({ name, kind, initial }) => [name, initial ?? (kind === 'check' ? false : '')]),
  );

/** The required fields that are still empty. */
export const missing = (fields: readonly ActionField[], values: ActionValues): readonly ActionField[] =>
  fields.filter(
    ({ name, isRequired }) =>
      isRequired === true && values[name] !== true && filled(values[name]) === undefined,
  );
