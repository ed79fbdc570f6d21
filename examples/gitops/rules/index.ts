import type { RuleFile } from 'loki-alerts';
import { errors, highLogRate, newErrors, pipeline, silence } from 'loki-alerts/rules';
import type { Links } from '../stack';
import { paymentErrors } from './payment-errors';

type Rules = (links: Links) => readonly RuleFile[];

/** Rules in production. */
export const released: Rules = (links) => [
  highLogRate(links),
  errors(links),
  newErrors(links),
  silence(links),
  pipeline({ ...links, namespaces: ['logging', 'log-collector'] }),
];

/** Rules that are only tried in staging. Move one to `released` to promote it. */
const candidates: Rules = () => [paymentErrors];

/** Rules in staging. A candidate replaces the released rule file of the same name, so that changes can be tried too. */
export const tried: Rules = (links) => {
  const byName = new Map([...released(links), ...candidates(links)].map((file) => [file.name, file]));
  return [...byName.values()];
};
