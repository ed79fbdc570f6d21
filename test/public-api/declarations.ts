import { join } from 'node:path';
import ts from 'typescript';
import { compilerHost, compilerOptions } from './symbols';

const ROOT = join(__dirname, '../..');

/** The types of public declarations that come from a package, each with the chain of declarations that leads to it. */
export interface PackageType {
  readonly package: string;
  /** `LogAlerting > Component > podSpec > PodSpec` */
  readonly chain: string;
}

/**
 * Returns all types of packages that the declarations of some entry points mention, directly or through other
 * declarations, as a consumer gets them: without members that are private or `@internal`.
 */
export function packageTypes(entries: readonly string[]): PackageType[] {
  const program = declarationsOf(entries);
  const checker = program.getTypeChecker();
  const seen = new Set<ts.Symbol>();
  const found: PackageType[] = [];

  const visitSymbol = (symbol: ts.Symbol, chain: readonly string[]): void => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    if (seen.has(target)) return;
    seen.add(target);
    const here = [...chain, target.name];
    for (const declaration of target.declarations ?? []) {
      const [, name] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(fileOf(declaration)) ?? [];
      if (name === undefined) visitNode(declaration, here);
      else found.push({ package: name, chain: here.join(' > ') });
    }
  };
  const visitNode = (node: ts.Node, chain: readonly string[]): void => {
    const symbol = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
    if (symbol?.declarations?.some((each) => each !== node.parent)) visitSymbol(symbol, chain);
    const member = ts.isTypeElement(node) || ts.isClassElement(node) ? node.name?.getText() : undefined;
    node.forEachChild((child) => visitNode(child, member === undefined ? chain : [...chain, member]));
  };
  for (const entry of entries) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(declarationFile(entry)) as ts.SourceFile);
    for (const symbol of module ? checker.getExportsOfModule(module) : []) visitSymbol(symbol, []);
  }
  return found;
}

function fileOf(node: ts.Node): string {
  return node.getSourceFile().fileName;
}

const declarationFile = (source: string) => join(ROOT, source).replace(/\.ts$/, '.d.ts');

/** Returns a program of the declarations that the compiler writes for the sources of some entry points. */
function declarationsOf(entries: readonly string[]): ts.Program {
  const options: ts.CompilerOptions = {
    ...compilerOptions(),
    ...{ noEmit: false, declaration: true, emitDeclarationOnly: true, stripInternal: true },
  };
  const sources = ts.createProgram(
    entries.map((entry) => join(ROOT, entry)),
    options,
    compilerHost(options),
  );
  /** Emitted when another declaration imports it, which few sources of the implementation are. */
  const declaration = (path: string): string => {
    let written = '';
    sources.emit(sources.getSourceFile(path.replace(/\.d\.ts$/, '.ts')), (_, text) => {
      written = text;
    });
    return written;
  };
  const host = compilerHost(options);
  const { getSourceFile, fileExists } = host;
  const isSource = (path: string) => !path.includes('/node_modules/') && sources.getSourceFile(path) !== undefined;
  // Declarations instead of sources, which resolution would prefer.
  host.fileExists = (path) =>
    path.endsWith('.d.ts')
      ? isSource(path.replace(/\.d\.ts$/, '.ts')) || fileExists.call(host, path)
      : !isSource(path) && fileExists.call(host, path);
  host.getSourceFile = (path, version, ...rest) =>
    isSource(path.replace(/\.d\.ts$/, '.ts'))
      ? ts.createSourceFile(path, declaration(path), version, true)
      : (sources.getSourceFile(path) ?? getSourceFile.call(host, path, version, ...rest));
  return ts.createProgram(entries.map(declarationFile), { ...options, noEmit: true }, host);
}
