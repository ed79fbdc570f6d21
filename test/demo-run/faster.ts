import type { Manifest } from '../../lib/kubernetes-objects/dist';

const DURATION = /\b(\d+)([smhd])\b/g;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Durations in rules, the ruler and Alertmanager. */
const TIMES =
  /\[\d+[smhd]\]|\boffset \d+[smhd]+|\b(?:for|interval|evaluation_interval|group_interval|repeat_interval): "?\d+[smhd]+/g;

/**
 * Divides all durations of rules and notifications in the manifests, so that a test does not have to wait for minutes.
 */
export function faster(manifests: readonly Manifest[], factor: number): Manifest[] {
  const divided = (text: string) =>
    text.replace(DURATION, (_, number, unit) => `${Math.round((number * (SECONDS[unit] ?? 0)) / factor)}s`);
  return manifests.map((manifest) => {
    if (!/^(loki-config|loki-rules-.*|alertmanager-config)$/.test(manifest.metadata.name)) return manifest;
    const data = Object.entries(manifest.data ?? {}).map(([name, text]) => [name, text.replace(TIMES, divided)]);
    return { ...manifest, data: Object.fromEntries(data) };
  });
}
