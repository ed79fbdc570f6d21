import { evaluatedRange, exploreUrl } from '../../lib/grafana/explore';

/** Parses the panes of a URL, like Explore. */
function panes(url: string): unknown {
  return JSON.parse(new URL(url).searchParams.get('panes') ?? '');
}

test('opens Explore with a query, the datasource and a range', () => {
  const url = exploreUrl({
    grafanaUrl: 'http://localhost:3000',
    expr: 'rate({app="a|b"}[1m])',
    range: { from: 'now-5m', to: 'now' },
  });

  expect(url).toMatch(/^http:\/\/localhost:3000\/explore\?schemaVersion=1&panes=%7B/);
  expect(panes(url)).toEqual({
    logs: {
      datasource: 'loki',
      queries: [
        {
          refId: 'A',
          datasource: { type: 'loki', uid: 'loki' },
          editorMode: 'code',
          queryType: 'range',
          expr: 'rate({app="a|b"}[1m])',
        },
      ],
      range: { from: 'now-5m', to: 'now' },
    },
  });
});

test('keeps template actions, so that they work in an annotation', () => {
  const url = exploreUrl({
    grafanaUrl: 'http://localhost:3000/',
    expr: '{namespace="{{ $labels.namespace }}", app="{{ $labels.app }}"}',
  });

  expect(url).toContain('/explore?');
  expect(url).not.toContain('//explore');
  const filled = url.replace('{{ $labels.namespace }}', 'demo').replace('{{ $labels.app }}', 'webservice');
  expect(panes(filled)).toMatchObject({ logs: { queries: [{ expr: '{namespace="demo", app="webservice"}' }] } });
});

test('keeps quotes and backslashes in template actions as they are', () => {
  const expr = String.raw`{app="x"}{{ if eq $labels.app "a\"b" }} |= "c"{{ end }}`;
  const url = exploreUrl({ grafanaUrl: 'http://localhost:3000', expr });

  expect(url).toContain(String.raw`{{ if eq $labels.app "a\"b" }}`);
  const filled = url.replace(/\{\{ if .*? \}\}/, '').replace('{{ end }}', '');
  expect(panes(filled)).toMatchObject({ logs: { queries: [{ expr: '{app="x"} |= "c"' }] } });
});

test('encodes characters that would end a link in a message of Slack, or in Markdown', () => {
  const expr = `{app="x"} |~ "<>|(')*!" | line_format "{{.y}}"`;
  const url = exploreUrl({ grafanaUrl: 'http://localhost:3000', expr });

  expect(url).not.toMatch(/[<>| ()'*!]/);
  expect(panes(url)).toMatchObject({ logs: { queries: [{ expr }] } });
});

test('evaluatedRange is a range of template actions, which the URL keeps', () => {
  const range = evaluatedRange('1h30m');
  const url = exploreUrl({ grafanaUrl: 'http://localhost:3000', expr: '{app="x"}', range });

  expect(range).toEqual({
    from: '{{ ((toTime now).Add (toDuration -5400)).UnixMilli }}',
    to: '{{ (toTime now).UnixMilli }}',
  });
  const filled = url.replace(range.from, '1000').replace(range.to, '5401000');
  expect(panes(filled)).toMatchObject({ logs: { range: { from: '1000', to: '5401000' } } });
});

test.each(['', '0s', '7', '1.5m', '-7m'])('evaluatedRange rejects %p', (duration) => {
  expect(() => evaluatedRange(duration as '7m')).toThrow(`invalid duration "${duration}": use whole numbers`);
});
