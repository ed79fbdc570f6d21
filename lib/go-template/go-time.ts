import { BOOL, FLOAT, func, type GoFunction, type GoType, INT, listOf, STRING } from './types';

/** `time.Duration` of Go. */
export const DURATION: GoType = {
  name: 'time.Duration',
  kind: 'int',
  get methods() {
    return DURATION_METHODS;
  },
};

const DURATION_METHODS: Readonly<Record<string, GoFunction>> = {
  ...same(['Hours', 'Minutes', 'Seconds'], func([], FLOAT)),
  ...same(['Milliseconds', 'Microseconds', 'Nanoseconds'], func([], INT)),
  ...same(['Round', 'Truncate'], func([DURATION], DURATION)),
  Abs: func([], DURATION),
  String: func([], STRING),
};

const LOCATION: GoType = { name: '*time.Location', kind: 'struct', methods: { String: func([], STRING) } };
const MONTH: GoType = { name: 'time.Month', kind: 'int', methods: { String: func([], STRING) } };
const WEEKDAY: GoType = { name: 'time.Weekday', kind: 'int', methods: { String: func([], STRING) } };
const BYTES = listOf({ name: 'uint8', kind: 'int' });

/** `time.Time` of Go. */
export const TIME: GoType = {
  name: 'time.Time',
  kind: 'struct',
  get methods() {
    return TIME_METHODS;
  },
};

/** Upstream: https://pkg.go.dev/time#Time */
const TIME_METHODS: Readonly<Record<string, GoFunction>> = {
  ...same(
    ['Day', 'Hour', 'Minute', 'Nanosecond', 'Second', 'Unix', 'UnixMicro', 'UnixMilli', 'UnixNano', 'Year', 'YearDay'],
    func([], INT),
  ),
  ...same(['After', 'Before', 'Equal'], func([TIME], BOOL)),
  ...same(['IsDST', 'IsZero'], func([], BOOL)),
  ...same(['Local', 'UTC'], func([], TIME)),
  ...same(['Round', 'Truncate', 'Add'], func([DURATION], TIME)),
  ...same(['GoString', 'String'], func([], STRING)),
  ...same(['GobEncode', 'MarshalBinary', 'MarshalJSON', 'MarshalText'], func([], BYTES)),
  ...same(['AppendBinary', 'AppendText'], func([BYTES], BYTES)),
  ...same(['Clock', 'Date', 'ISOWeek', 'Zone', 'ZoneBounds'], func([], undefined)),
  AddDate: func([INT, INT, INT], TIME),
  AppendFormat: func([BYTES, STRING], BYTES),
  Compare: func([TIME], INT),
  Format: func([STRING], STRING),
  In: func([LOCATION], TIME),
  Location: func([], LOCATION),
  Month: func([], MONTH),
  Sub: func([TIME], DURATION),
  Weekday: func([], WEEKDAY),
};

function same(names: readonly string[], method: GoFunction): Record<string, GoFunction> {
  return Object.fromEntries(names.map((name) => [name, method]));
}
