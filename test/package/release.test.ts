import { type Release, releaseProblems } from '../../tools/package/release';

const URL = 'https://git.example.com/team/loki-alerts';

const RELEASE: Release = {
  tag: 'v1.2.3',
  repositoryUrl: URL,
  manifest: {
    version: '1.2.3',
    repository: { url: `git+${URL}.git` },
    homepage: `${URL}#readme`,
    bugs: { url: `${URL}/issues` },
  },
  changelog: '# Changelog\n\n## [1.2.3] - 2026-12-01\n\n## [1.2.2] - 2026-11-30\n',
};

test('accepts a complete release', () => {
  expect(releaseProblems(RELEASE)).toEqual([]);
});

test.each<[string, Partial<Release>, RegExp]>([
  ['another tag', { tag: 'v1.2.4' }, /the tag is v1\.2\.4, and the version of package\.json 1\.2\.3: use v1\.2\.3/],
  [
    'another repository',
    { repositoryUrl: `${URL}-fork` },
    /repository\.url is https:.*: set it to git\+https:.*-fork\.git/,
  ],
  ['a changelog without the version', { changelog: '# Changelog\n' }, /no entry of 1\.2\.3/],
  ['a version without a date', { changelog: '## [1.2.3] - unreleased\n' }, /"## \[1\.2\.3\] - unreleased" has no date/],
])('rejects %s', (_, change, problem) => {
  expect(releaseProblems({ ...RELEASE, ...change })).toEqual([expect.stringMatching(problem)]);
});

test('reports all missing addresses at once', () => {
  const problems = releaseProblems({ ...RELEASE, manifest: { version: '1.2.3' } });
  expect(problems.map((problem) => problem.split(' is missing')[0])).toEqual([
    'package.json: repository.url',
    'package.json: homepage',
    'package.json: bugs',
  ]);
});
