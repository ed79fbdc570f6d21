/** A version that is about to be published. */
export interface Release {
  /** Name of the tag. */
  readonly tag: string;
  /** URL of the repository that publishes it. */
  readonly repositoryUrl: string;
  /** Contents of package.json. */
  readonly manifest: {
    readonly version: string;
    readonly repository?: { readonly url: string };
    readonly homepage?: string;
    readonly bugs?: { readonly url: string };
  };
  /** Text of CHANGELOG.md. */
  readonly changelog: string;
}

/** Returns the reasons why a version must not be published. */
export function releaseProblems({ tag, repositoryUrl, manifest, changelog }: Release): string[] {
  const { version, repository, homepage, bugs } = manifest;
  const entry = changelog.split('\n').find((line) => line.startsWith(`## [${version}]`));
  // npm writes the form with `git+` and `.git`, and compares it with the repository of the workflow.
  const address = repository?.url.replace(/^git\+/, '').replace(/\.git$/, '');
  return [
    ...(tag === `v${version}`
      ? []
      : [`the tag is ${tag}, and the version of package.json ${version}: use v${version}`]),
    ...(address === repositoryUrl
      ? []
      : [
          `package.json: repository.url is ${address ?? 'missing'}: set it to git+${repositoryUrl}.git, for provenance`,
        ]),
    ...(homepage ? [] : ['package.json: homepage is missing: set it to the address of the docs']),
    ...(bugs ? [] : ['package.json: bugs is missing: set its url to the address of the issues']),
    ...(entry && /\d{4}-\d{2}-\d{2}$/.test(entry)
      ? []
      : [
          `CHANGELOG.md: ${entry ? `"${entry}" has no date` : `no entry of ${version}`}: write ## [${version}] - YYYY-MM-DD`,
        ]),
  ];
}
