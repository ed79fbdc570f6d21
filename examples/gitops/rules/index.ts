import type { RuleFile } from 'loki-alerts';
import { errors, highLogRate, pipeline, silence } from 'loki-alerts/rules';
import type { Links } from '../stack';
import { paymentErrors } from './payment-errors';

/** Rules that wake people up. */
export function released(links: Links): readonly RuleFile[] {
  return [highLogRate(links), errors(links), silence(links), pipeline(links)];
}

/** Rules that are tried in staging. To promote one is to move it into `released`, by a pull request. */
function candidates(): readonly RuleFile[] {
  return [paymentErrors];
}

/** All of them. A candidate takes the place of the released rule file of its name, so that a change can be tried too. */
export function tried(links: Links): readonly RuleFile[] {
  const byName = new Map([...released(links), ...candidates()].map((file) => [file.name, file]));
  return [...byName.values()];
}
