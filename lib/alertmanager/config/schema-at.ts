import type { AlertmanagerVersion } from '../../versions/alertmanager';
import { isOlder } from '../../versions/version';
import type { FieldRule, ObjectOf, Schema } from './schema';

/** Returns the schema of one version of Alertmanager: without later fields, rules and changes. */
export function schemaAt(version: AlertmanagerVersion, schema: ObjectOf): ObjectOf {
  return new Past(version).at(schema) as ObjectOf;
}

class Past {
  /** Converted objects. Routes nest, so each object is converted once. */
  private readonly objects = new Map<ObjectOf, ObjectOf>();

  constructor(private readonly version: AlertmanagerVersion) {}

  at(schema: Schema): Schema {
    const { before } = schema;
    if (before && isOlder(this.version, before.version)) return this.at(before.schema);
    switch (schema.kind) {
      case 'list':
        return { ...schema, items: this.at(schema.items) };
      case 'map':
        return { ...schema, values: this.at(schema.values) };
      case 'object':
        return this.objects.get(schema) ?? this.object(schema);
      default:
        return schema;
    }
  }

  private object(schema: ObjectOf): ObjectOf {
    const fields: Record<string, Schema> = {};
    const newer: Record<string, AlertmanagerVersion> = {};
    const past: ObjectOf = {
      ...schema,
      fields,
      rules: schema.rules.filter((rule) => this.holds(rule)),
      newer: { version: this.version, fields: newer },
    };
    this.objects.set(schema, past);
    for (const [name, field] of Object.entries(schema.fields)) {
      if (field.since && isOlder(this.version, field.since)) newer[name] = field.since;
      else fields[name] = this.at(field);
    }
    return past;
  }

  private holds({ since, until }: FieldRule): boolean {
    return !(since && isOlder(this.version, since)) && !(until && !isOlder(this.version, until));
  }
}
