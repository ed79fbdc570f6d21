/**
 * Names of Unicode classes, e.g. `\p{Greek}`, are the only difference between Go's two regular expression libraries and
 * re2js. Loki compiles most expressions with a fork of Go's library from 2024, and those of `label_replace` with Go
 * 1.26.
 */
export type RegexpDialect = 'grafana' | 'go';

/** Classes of re2js that Go 1.26 does not have: newer scripts, and properties that are neither category nor script. */
const UNKNOWN_TO_GO: ReadonlySet<string> = new Set([
  ...['Beria_Erfe', 'Garay', 'Gurung_Khema', 'Kirat_Rai', 'Ol_Onal', 'Sidetic', 'Sunuwar', 'Tai_Yo', 'Todhri'],
  ...['Tolong_Siki', 'Tulu_Tigalari', 'Unknown', 'ASCII_Hex_Digit', 'Alphabetic', 'Dash', 'Emoji', 'Emoji_Component'],
  ...['Emoji_Modifier', 'Emoji_Modifier_Base', 'Emoji_Presentation', 'Extended_Pictographic', 'Hex_Digit', 'Lowercase'],
  ...['Math', 'Quotation_Mark', 'Terminal_Punctuation', 'Uppercase', 'White_Space'],
]);

const GO_ONLY: ReadonlySet<string> = new Set(['Ascii', 'Assigned', 'Lc']);

/** Long names of categories, without the characters that Go 1.26 ignores. */
const CATEGORY_ALIASES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ Casedletter: 'LC', Closepunctuation: 'Pe', Combiningmark: 'M', Connectorpunctuation: 'Pc', Control: 'Cc' },
    ...{
      Currencysymbol: 'Sc',
      Dashpunctuation: 'Pd',
      Decimalnumber: 'Nd',
      Enclosingmark: 'Me',
      Finalpunctuation: 'Pf',
    },
    ...{ Format: 'Cf', Initialpunctuation: 'Pi', Letter: 'L', Letternumber: 'Nl', Lineseparator: 'Zl' },
    ...{ Lowercaseletter: 'Ll', Mark: 'M', Mathsymbol: 'Sm', Modifierletter: 'Lm', Modifiersymbol: 'Sk' },
    ...{ Nonspacingmark: 'Mn', Number: 'N', Openpunctuation: 'Ps', Other: 'C', Otherletter: 'Lo', Othernumber: 'No' },
    ...{ Otherpunctuation: 'Po', Othersymbol: 'So', Paragraphseparator: 'Zp', Privateuse: 'Co', Punctuation: 'P' },
    ...{ Separator: 'Z', Spaceseparator: 'Zs', Spacingmark: 'Mc', Surrogate: 'Cs', Symbol: 'S', Titlecaseletter: 'Lt' },
    ...{ Unassigned: 'Cn', Uppercaseletter: 'Lu', Cntrl: 'Cc', Digit: 'Nd', Punct: 'P' },
  }),
);

/** A name that no library has, so that re2js refuses the class as Go does. */
const UNKNOWN = '-';

function classIn(dialect: RegexpDialect, name: string): string {
  if (dialect === 'grafana') {
    return UNKNOWN_TO_GO.has(name) || GO_ONLY.has(name) ? UNKNOWN : name;
  }
  const letters = name.replace(/[ _-]/g, '');
  const canonical = letters.slice(0, 1).toUpperCase() + letters.slice(1).toLowerCase();
  return UNKNOWN_TO_GO.has(canonical) ? UNKNOWN : (CATEGORY_ALIASES.get(canonical) ?? canonical);
}

/** Rewrites the classes of a regular expression so that re2js accepts the same ones as Go. */
export function translateClasses(regexp: string, dialect: RegexpDialect): string {
  if (!/\\[pP]/.test(regexp)) {
    return regexp;
  }
  return regexp.replace(
    /\\Q.*?(?:\\E|$)|\\([pP])(?:\{(\^?)([^}]*)\}|(?!\{)(.))|\\./gsu,
    (text, sign?: string, not?: string, long?: string, short?: string) => {
      if (sign === undefined) {
        return text;
      }
      return `\\${sign}{${not ?? ''}${classIn(dialect, long ?? short ?? '')}}`;
    },
  );
}
