import type { InvalidConfig } from './cases/builders';
import { invalidFields } from './cases/fields';
import { invalidRouting } from './cases/routing';
import { invalidShapes } from './cases/shape';
import { invalidAtStartup } from './cases/templates';
import { invalidValues } from './cases/values';

/** Configs that Alertmanager rejects, by subject. */
export const invalidConfigs: Readonly<Record<string, readonly InvalidConfig[]>> = {
  ...invalidShapes,
  ...invalidFields,
  ...invalidValues,
  ...invalidRouting,
  ...invalidAtStartup,
};
