import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '../..');

/** Entry points of the package. */
const ENTRIES = ['lib/index.ts', 'rules/index.ts'].map((path) => join(ROOT, path));

/** A documented part of the public API: an exported symbol, or a property of an exported interface. */
export interface Documented {
  /** `LogAlerting`, `SlackProps.channel` */
  readonly name: string;
  readonly kind: 'callable' | 'type' | 'value' | 'property';
  readonly optional: boolean;
  /** The docstring without its tags. */
  readonly text: string;
  /** Tags of the docstring, by name; the last of each. */
  readonly tags: ReadonlyMap<string, string>;
  /** True if it throws, also via `assertOptions`. */
  readonly throws: boolean;
}

export interface PublicApi {
  readonly symbols: readonly Documented[];
  /** Returns the compiler's errors in each of several texts of code that use the package. */
  readonly compile: (...codes: readonly string[]) => string[][];
  /** Returns a text of code with imports for all names of the package that it uses. */
  readonly complete: (code: string) => string;
}

/** Returns all exports of the package, with their docstrings. */
export function publicApi(): PublicApi {
  const options = compilerOptions();
  const program = ts.createProgram(ENTRIES, options, compilerHost(options));
  const checker = program.getTypeChecker();
  const [lib = [], rules = []] = ENTRIES.map((entry) => {
    const module = checker.getSymbolAtLocation(sourceFile(program, entry));
    return module ? checker.getExportsOfModule(module) : [];
  });
  const symbols = [...lib, ...rules].flatMap((symbol) => documented(symbol, checker));
  const modules = { 'loki-alerts': namesOf(lib), 'loki-alerts/rules': namesOf(rules) };
  const complete = (code: string) => `${imports(code, modules)}\n${code}\nexport {};\n`;
  return {
    symbols: [...new Map(symbols.map((each) => [each.name, each])).values()],
    compile: (...codes) => diagnose(codes.map(complete), options, program),
    complete,
  };
}

export function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  // Examples may end with a variable that is not used, and are not tests.
  return { ...ts.parseJsonConfigFileContent(config, ts.sys, ROOT).options, noUnusedLocals: false, types: ['node'] };
}

/** Returns a host that omits the docstrings of packages, which are half of their text. */
export function compilerHost(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  const { ParseAll, ParseNone } = ts.JSDocParsingMode;
  host.getSourceFile = (name, version, ...rest) => {
    const given = typeof version === 'object' ? version : { languageVersion: version };
    const jsDocParsingMode = name.includes('/node_modules/') ? ParseNone : ParseAll;
    return getSourceFile.call(host, name, { ...given, jsDocParsingMode }, ...rest);
  };
  return host;
}

/** Returns imports for all names of the package that the code uses. */
function imports(code: string, modules: Readonly<Record<string, readonly string[]>>): string {
  const seen = new Set<string>();
  return Object.entries(modules)
    .map(([module, names]) => {
      const used = names.filter((name) => !seen.has(name) && new RegExp(`\\b${name}\\b`).test(code));
      for (const name of used) seen.add(name);
      return used.length > 0 ? `import { ${used.join(', ')} } from '${module}';` : '';
    })
    .join('\n');
}

/** Of all in one program: the types of the package cost more than they do. */
function diagnose(codes: readonly string[], options: ts.CompilerOptions, library: ts.Program): string[][] {
  const examples = new Map(codes.map((code, i) => [join(ROOT, `example-${i}.ts`), code]));
  const host = compilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => examples.has(name) || fileExists.call(host, name);
  host.getSourceFile = (name, version, ...rest) => {
    const code = examples.get(name);
    if (code !== undefined) return ts.createSourceFile(name, code, version, true);
    return library.getSourceFile(name) ?? getSourceFile.call(host, name, version, ...rest);
  };
  const program = ts.createProgram([...examples.keys()], options, host, library);
  return [...examples].map(([path, code]) => {
    const file = sourceFile(program, path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText, start = 0 }) => {
        const line = code.slice(code.lastIndexOf('\n', start - 1) + 1).split('\n', 1)[0];
        return `${ts.flattenDiagnosticMessageText(messageText, '\n')}: ${line?.trim()}`;
      },
    );
  });
}

function sourceFile(program: ts.Program, path: string): ts.SourceFile {
  const file = program.getSourceFile(path);
  if (file === undefined) throw new Error(`${path} is not part of the program`);
  return file;
}

function namesOf(symbols: readonly ts.Symbol[]): string[] {
  return symbols.map(({ name }) => name);
}

function documented(exported: ts.Symbol, checker: ts.TypeChecker): Documented[] {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const declaration = symbol.declarations?.[0];
  if (declaration === undefined) throw new Error(`${exported.name} has no declaration`);
  const callable = ts.isFunctionDeclaration(declaration) || ts.isClassDeclaration(declaration);
  const type = ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration);
  // Including inherited ones.
  const properties = ts.isInterfaceDeclaration(declaration)
    ? checker.getDeclaredTypeOfSymbol(symbol).getProperties().filter(isOurs)
    : [];
  return [
    describe(exported.name, callable ? 'callable' : type ? 'type' : 'value', symbol, declaration, checker),
    ...properties.flatMap((property) =>
      property.valueDeclaration
        ? [describe(`${exported.name}.${property.name}`, 'property', property, property.valueDeclaration, checker)]
        : [],
    ),
  ];
}

function isOurs({ declarations = [] }: ts.Symbol): boolean {
  return declarations.every((declaration) => !declaration.getSourceFile().fileName.includes('/node_modules/'));
}

function describe(
  name: string,
  kind: Documented['kind'],
  symbol: ts.Symbol,
  declaration: ts.Declaration,
  checker: ts.TypeChecker,
): Documented {
  return {
    name,
    kind,
    optional: (symbol.flags & ts.SymbolFlags.Optional) !== 0,
    text: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    tags: new Map(symbol.getJsDocTags(checker).map(({ name, text }) => [name, ts.displayPartsToString(text).trim()])),
    throws: kind === 'callable' && /\bthrow new |\bassertOptions\(/.test(declaration.getText()),
  };
}
