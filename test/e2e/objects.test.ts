import { changes, differences } from './objects';

test('changes returns the lines of an apply without unchanged objects', () => {
  const answer = [
    'configmap/a unchanged',
    'configmap/b unchanged (server dry run)',
    'deployment.apps/unchanged configured',
    'service/c created',
  ].join('\n');

  expect(changes(`${answer}\n`)).toEqual(['deployment.apps/unchanged configured', 'service/c created']);
});

test('differences returns changed, added and removed objects', () => {
  const object = (name: string, value = '') => ({
    kind: 'ConfigMap',
    metadata: { name, namespace: 'logging' },
    data: { value },
  });

  const found = differences(
    [object('same'), object('edited', '1'), object('gone')],
    [object('new'), object('edited', '2'), object('same')],
  );

  expect(found).toEqual(['ConfigMap logging/edited', 'ConfigMap logging/gone', 'ConfigMap logging/new']);
});
