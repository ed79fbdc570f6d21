import type { Plugin } from 'rolldown';

/** All that the library uses of cdk8s-plus-27: the classes of Kubernetes' API. */
const API = 'cdk8s-plus-27/lib/imports/k8s';
const CLASSES = `\0${API}`;

/**
 * Bundles only those classes of Kubernetes' API that the library uses. They are in a CommonJS module of half a megabyte
 * that can only be taken whole, and takes as long to load as the library itself; as an ES module, the bundler leaves out
 * what is not used.
 */
export function usedClassesOfKubernetes(): Plugin {
  return {
    name: 'used-classes-of-kubernetes',
    resolveId: (source) => (source === 'cdk8s-plus-27' ? { id: CLASSES, moduleSideEffects: false } : undefined),
    load: (id) => (id === CLASSES ? `export * as k8s from '${API}';` : undefined),
    transform: {
      filter: { id: /cdk8s-plus-27\/lib\/imports\/k8s\.js$/ },
      // Without a map: the functions only copy fields.
      handler: (code) => ({ code: asEsModule(code), map: { mappings: '' }, moduleSideEffects: false }),
    },
  };
}

/** Returns the classes and functions of the module as `cdk8s import` and `tsc` have written them, as an ES module. */
function asEsModule(code: string): string {
  const kinds = new Map<string, string>();
  const module = code
    .replace(/^\/\/# sourceMappingURL=.*$/m, '')
    .replace(/^Object\.defineProperty\(exports, "__esModule".*\n/m, '')
    .replace(/^exports\.\w+ = .* = void 0;\n/m, '')
    // Types for other languages.
    .replace(/^const JSII_RTTI_SYMBOL_1 = .*\n|^\w+ = JSII_RTTI_SYMBOL_1;\n\w+\[\w+\] = \{.*\};\n/gm, '')
    .replace(/^(\w+)\.GVK = (\{[^}]*\});\n/gm, (_, name, kind) => {
      kinds.set(name, kind);
      return '';
    })
    // A class with an assignment after it would stay, used or not.
    .replace(/^class (\w+) extends cdk8s_1\.ApiObject \{\n/gm, (_, name) => {
      return `class ${name} extends ApiObject {\nstatic GVK = ${kinds.get(name)};\n`;
    })
    .replace('const cdk8s_1 = require("cdk8s");', "import { ApiObject } from 'cdk8s';")
    .replace(/= exports\.(\w+) \|\| \(exports\.\1 = \{\}\)/g, '|| ($1 = {})')
    .replace(/^exports\.(\w+) = \1;$/gm, 'export { $1 };');
  const left = /^.*\b(exports\.|require\(|JSII|cdk8s_1).*$/m.exec(module);
  if (left || kinds.size === 0) throw new Error(`${API} is written in another way: ${left?.[0] ?? 'no GVK'}`);
  return module;
}
