// Part of `npm run lint`: counts rooms, floors, imports between rooms and circles, and fails above the limits.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { circlesOf, floorsOf, importsOf, roomsOf } from './import-graph';

/** As much as one person can remember; DEVELOPERS.md shows them in 20 lines. */
const MAX_ROOMS = 36;
const MAX_FLOORS = 14;
/** Number of lines above which a file most likely has two subjects. */
const LONG_FILE = 300;

const ROOT = join(__dirname, '..');
/** Examples are user code, and tests mirror the rooms. */
const NOT_A_ROOM = /^(test|examples)\/|\.test\.ts$/;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.js'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && !NOT_A_ROOM.test(file) && existsSync(join(ROOT, file)));
const sources = new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
const lines = (file: string) => (sources.get(file) as string).split('\n').length - 1;

const imports = importsOf(sources);
const rooms = roomsOf(imports);
const fileCircles = circlesOf(imports);
const roomCircles = circlesOf(rooms);
const problems = [
  ...fileCircles.map((circle) => `files import each other: ${circle.join(', ')}`),
  ...roomCircles.map((circle) => `rooms import each other: ${circle.join(', ')}`),
  ...(rooms.size > MAX_ROOMS ? [`${rooms.size} rooms, more than ${MAX_ROOMS}: ${[...rooms.keys()].join(', ')}`] : []),
];
// A room in a circle has no floor.
const floors = roomCircles.length === 0 ? floorsOf(rooms) : new Map<string, number>();
const height = Math.max(0, ...floors.values());
if (height > MAX_FLOORS) problems.push(`${height} floors of imports between rooms, more than ${MAX_FLOORS}`);

if (process.argv.includes('--rooms')) {
  for (const [room, floor] of [...floors].sort(([, a], [, b]) => b - a)) console.log(`${floor}\t${room}`);
}
const arrows = [...rooms.values()].reduce((sum, { size }) => sum + size, 0);
const inLib = files.filter((file) => file.startsWith('lib/'));
console.log(
  [
    `${rooms.size} rooms on ${height} floors, ${arrows} imports between rooms`,
    `${fileCircles.length} circles of files, ${roomCircles.length} of rooms`,
    `lib: ${inLib.length} files, ${inLib.reduce((sum, file) => sum + lines(file), 0)} lines, ${inLib.filter((file) => lines(file) > LONG_FILE).length} files over ${LONG_FILE} lines`,
  ].join('\n'),
);
for (const problem of problems) console.error(`error: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;
