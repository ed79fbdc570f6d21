import type { Manifest } from '../../lib/kubernetes-objects/dist';

const DURATION = /\b(\d+)([smhd])\b/g;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Times of a rule, of the ruler and of Alertmanager; those of anything else stay. */
const TIMES =
  /\[\d+[smhd]\]|\boffset \d+[smhd]+|\b(?:for|interval|evaluation_interval|group_interval|repeat_interval): "?\d+[smhd]+/g;

/** The manifests with all times of rules and messages divided, so that a test need not wait for minutes. */
export function faster(manifests: readonly Manifest[], factor: number): Manifest[] {
  const divided = (text: string) =>
    text.replace(DURATION, (_, number, unit) => `${Math.round((number * (SECONDS[unit] ?? 0)) / factor)}s`);
  return manifests.map((manifest) => {
    if (!/^(loki-config|loki-rules-.*|alertmanager-config)$/.test(manifest.metadata.name)) return manifest;
    const data = Object.entries(manifest.data ?? {}).map(([name, text]) => [name, text.replace(TIMES, divided)]);
    return { ...manifest, data: Object.fromEntries(data) };
  });
}
