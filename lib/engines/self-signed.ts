import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** Key and certificate of a server, as PEM. */
export interface ServerIdentity {
  readonly key: string;
  readonly cert: string;
}

/**
 * Returns a new key and a certificate for it that no one trusts: for clients that do not verify it. Node can read
 * certificates but not make them, and OpenSSL is not on every machine.
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function selfSigned(host: string): ServerIdentity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(oid(COMMON_NAME), der(UTF8_STRING, Buffer.from(host)))));
  const content = sequence(
    der(INTEGER, serialOf(publicKey)),
    sequence(oid(ECDSA_WITH_SHA256)),
    name,
    sequence(utcTime(-DAY_MS), utcTime(DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', content, privateKey);
  const certificate = sequence(content, sequence(oid(ECDSA_WITH_SHA256)), der(BIT_STRING, Buffer.of(0), signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Object identifiers in DER. */
const COMMON_NAME = '550403';
const ECDSA_WITH_SHA256 = '2a8648ce3d040302';

/** Tags of DER. */
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const SEQUENCE = 0x30;
const SET = 0x31;

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), content]);
}

const sequence = (...items: readonly Buffer[]) => der(SEQUENCE, ...items);
const set = (...items: readonly Buffer[]) => der(SET, ...items);
const oid = (hex: string) => der(OBJECT_IDENTIFIER, Buffer.from(hex, 'hex'));

/** A positive number: its first bit is 0, and its first byte is not. */
function serialOf(key: KeyObject): Buffer {
  const hash = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
  return Buffer.concat([Buffer.of(1), hash.subarray(0, 8)]);
}

function utcTime(fromNowMs: number): Buffer {
  const digits = new Date(Date.now() + fromNowMs).toISOString().replace(/\D/g, '');
  return der(UTC_TIME, Buffer.from(`${digits.slice(2, 14)}Z`));
}
