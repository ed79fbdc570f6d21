import { makesTheSame, useNodes } from './scenario';

const nodes = useNodes();

test('Promtail and Alloy make the same of the same files', () => makesTheSame('alloy', nodes));
