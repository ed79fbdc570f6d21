import { join } from 'node:path';
import { type LocalStage, startLocalStage, WEBSERVICE } from '../lib/demo-run/local-stage';
import type { OnProgress } from '../lib/engines';
import { type Manifest, readDist } from '../lib/kubernetes-objects/dist';

/** Lines per second of the flood; the same rate as the demo's client. */
export const FLOOD_RATE = 120;

export function committedManifests(): Manifest[] {
  return readDist(join(__dirname, '..', 'dist'));
}

/** Runs `work` on the committed manifests with a flooded web service, and stops all processes afterwards. */
export async function onStage<T>(
  manifests: readonly Manifest[],
  onProgress: OnProgress,
  work: (stage: LocalStage) => Promise<T>,
): Promise<T> {
  const stage = await startLocalStage(manifests, [{ pod: WEBSERVICE, format: 'cri', rate: FLOOD_RATE }], onProgress);
  try {
    return await work(stage);
  } finally {
    await stage.stop();
  }
}
