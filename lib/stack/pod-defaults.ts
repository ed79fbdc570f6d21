import type { PodDefaults } from '../kubernetes/pod';
import { imageReference } from '../versions/images';
import type { StackPods } from './resolve';

/** Returns the settings of all pods of a stack. */
export function podDefaultsOf({ images, imagePullSecrets, priorityClassName, settings }: StackPods): PodDefaults {
  return {
    imageReference: (image) => imageReference(image, images),
    imagePullSecrets,
    priorityClassName,
    pods: settings,
  };
}
