import type { RuleFile } from 'loki-alerts';
import { errors, highLogRate, pipeline, silence } from 'loki-alerts/rules';
import type { Links } from '../stack';
import { paymentErrors } from './payment-errors';

type Rules = (links: Links) => readonly RuleFile[];

/** Rules that wake people up. */
export const released: Rules = (links) => [
  highLogRate(links),
  errors(links),
  silence(links),
  pipeline({ ...links, namespaces: ['logging', 'log-collector'] }),
];

/** Rules that are tried in staging, as `(links) => [errors(links)]` would. To promote one is to move it into `released`. */
const candidates: Rules = () => [paymentErrors];

/** All of them. A candidate takes the place of the released rule file of its name, so that a change can be tried too. */
export const tried: Rules = (links) => {
  const byName = new Map([...released(links), ...candidates(links)].map((file) => [file.name, file]));
  return [...byName.values()];
};
