import { renderReport, ScenarioReport, Skip } from './report';

test('counts passed, failed and skipped checks, with their details', async () => {
  const printed: string[] = [];
  const report = new ScenarioReport((line) => printed.push(line), new AbortController().signal);

  const passed = await report.check('a', async () => 'seen');
  const skipped = await report.check('b', async () => {
    throw new Skip('not supported');
  });
  const failed = await report.check('c', async () => {
    throw new Error('broken');
  });
  report.figures['start to end'] = '3 s';

  expect([passed, skipped, failed]).toEqual([true, true, false]);
  expect(printed).toEqual(['passed  a: seen', 'skipped b: not supported', 'failed  c: broken']);
  expect(renderReport(report).split('\n')).toEqual([
    expect.stringMatching(/^passed {2}a \([\d.]+ s\): seen$/),
    expect.stringMatching(/^skipped b .*: not supported$/),
    expect.stringMatching(/^failed {2}c .*: broken$/),
    '',
    'start to end  3 s',
    '',
    '1 passed, 1 failed, 1 skipped',
  ]);
});

test('neither runs nor records a check after an abort', async () => {
  const controller = new AbortController();
  const report = new ScenarioReport(() => {}, controller.signal);
  const during = report.check('a', async () => {
    controller.abort(new Error('stopped'));
    throw new Error('because of that');
  });

  await expect(during).rejects.toThrow('stopped');
  await expect(report.check('b', async () => 'seen')).rejects.toThrow('stopped');
  expect(report.checks).toEqual([]);
});
