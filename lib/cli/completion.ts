import { Argument, Command, type Option } from 'commander';
import { CHECK_IDS } from '../checks';
import { docNames } from '../checks/pages';
import { printLine, type Shell } from './shell';

/** Writes the script of a shell for the commands of a program. */
type Writer = (program: string, commands: readonly CompletedCommand[]) => string;

const SHELLS: Readonly<Record<string, Writer>> = { bash, zsh, fish };

/** `loki-alerts completion <shell>` */
export function completionCommand({ stdout }: Shell, commands: () => readonly Command[]): Command {
  return new Command('completion')
    .description('print a script with which a shell completes commands, options and their values')
    .addArgument(new Argument('<shell>', 'shell').choices(Object.keys(SHELLS)))
    .addHelpText('after', '\nIn ~/.bashrc or ~/.zshrc: source <(loki-alerts completion bash), or zsh.')
    .addHelpText('after', 'In ~/.config/fish/config.fish: loki-alerts completion fish | source')
    .action((name: string) => {
      printLine(stdout, SHELLS[name]?.('loki-alerts', completed(commands())) ?? '');
    });
}

/** A command with what can follow it. */
interface CompletedCommand {
  /** `rules export` */
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** Subcommands and known values of arguments; for all others, shells complete file names. */
  readonly words: readonly string[];
}

interface CompletedOption {
  /** `--quiet` and `-q`. */
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

function completed(commands: readonly Command[], parents: readonly string[] = []): CompletedCommand[] {
  return commands.flatMap((command) => {
    const path = [...parents, command.name()];
    const own = {
      name: path.join(' '),
      description: command.description(),
      options: [...command.options.filter(({ hidden }) => !hidden).map(completedOption), HELP],
      words: [...command.commands.map((child) => child.name()), ...argumentsOf(command)],
    };
    return [own, ...completed(command.commands, path)];
  });
}

const HELP: CompletedOption = {
  names: ['--help', '-h'],
  description: 'display help for command',
  takesValue: false,
  choices: [],
};

function completedOption({ long, short, description, required, optional, argChoices = [] }: Option): CompletedOption {
  const names = [long, short].flatMap((name) => name ?? []);
  return { names, description, takesValue: required || optional, choices: argChoices };
}

function argumentsOf(command: Command): readonly string[] {
  // Their choices would fill the help.
  if (command.name() === 'explain') return [...CHECK_IDS, ...docNames()];
  return command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
}

/** Names of the commands that follow a command, by its name; of the program itself by ''. */
function topLevel(commands: readonly CompletedCommand[]): CompletedCommand[] {
  return commands.filter(({ name }) => !name.includes(' '));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function bash(program: string, commands: readonly CompletedCommand[]): string {
  const words = (list: readonly string[]) => `COMPREPLY=($(compgen -W ${quoted(list.join(' '))} -- "$cur"))`;
  const top = topLevel(commands).map(({ name }) => name);
  const steps = commands.map(({ name }) => {
    const parts = name.split(' ');
    return `      ${quoted(`${parts.slice(0, -1).join(' ')} ${parts.at(-1)}`)}) command=${quoted(name)} ;;`;
  });
  const values = commands.flatMap(({ name, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(({ names, choices }) => {
        const at = names.map((option) => quoted(`${name} ${option}`)).join(' | ');
        return `    ${at}) ${choices.length > 0 ? `${words(choices)}; ` : ''}return ;;`;
      }),
  );
  const options = commands.map(
    ({ name, options }) => `    ${quoted(name)}) ${words(options.flatMap(({ names }) => names))} ;;`,
  );
  const others = commands
    .filter((command) => command.words.length > 0)
    .map(({ name, words: own }) => `    ${quoted(name)}) ${words(own)} ;;`);
  const name = `_${program.replaceAll('-', '_')}`;
  return [
    `${name}() {`,
    `  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= i`,
    // "=" separates words in bash.
    `  if [[ $cur == '=' ]]; then cur=; elif [[ $prev == '=' ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi`,
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    `    case "$command \${COMP_WORDS[i]}" in`,
    ...steps,
    '    esac',
    '  done',
    // The default of readline, which is file names, applies if nothing is returned.
    '  COMPREPLY=()',
    '  case "$command $prev" in',
    ...values,
    '  esac',
    '  if [[ $cur == -* ]]; then case "$command" in',
    `    '') ${words(['--help', '--version'])} ;;`,
    ...options,
    '  esac; return; fi',
    '  case "$command" in',
    `    '') ${words(top)} ;;`,
    ...others,
    '  esac',
    '}',
    `complete -o default -F ${name} ${program}`,
  ].join('\n');
}

function zsh(program: string, commands: readonly CompletedCommand[]): string {
  const name = `_${program.replaceAll('-', '_')}`;
  const escaped = (text: string) => text.replace(/[[\]:\\]/g, '\\$&');
  const option = ({ names, description, takesValue, choices }: CompletedOption) => {
    const value = takesValue ? (choices.length > 0 ? `:value:(${choices.join(' ')})` : ':value:_files') : '';
    return names.map((each) => quoted(`${each}[${escaped(description)}]${value}`)).join(' ');
  };
  const argument = ({ words }: CompletedCommand) =>
    words.length > 0 ? quoted(`1:value:(${words.join(' ')})`) : quoted('*:file:_files');
  const described = topLevel(commands).map(
    ({ name: each, description }) => `    ${quoted(`${each}:${escaped(description)}`)}`,
  );
  return [
    `#compdef ${program}`,
    `${name}() {`,
    '  local curcontext="$curcontext" state line',
    '  local -a commands',
    '  commands=(',
    ...described,
    '  )',
    "  _arguments -C '1:command:->command' '*::argument:->argument'",
    '  case $state in',
    '    command) _describe command commands ;;',
    '    argument)',
    '      local command=$line[1]',
    ...commands
      .filter(({ name: each }) => each.includes(' '))
      .map(({ name: each }) => {
        const [first = '', second = ''] = each.split(' ');
        return `      if [[ $command == ${first} && $line[2] == ${second} ]]; then command=${quoted(each)}; fi`;
      }),
    '      case $command in',
    ...commands.map(
      (each) =>
        `        ${quoted(each.name)}) _arguments ${[...each.options.map(option), argument(each)].join(' ')} ;;`,
    ),
    '      esac ;;',
    '  esac',
    '}',
    `compdef ${name} ${program}`,
  ].join('\n');
}

function fish(program: string, commands: readonly CompletedCommand[]): string {
  const line = (condition: string, rest: string) => `complete -c ${program} -n ${quoted(condition)} ${rest}`;
  return [
    ...topLevel(commands).map(({ name, description }) =>
      line('__fish_use_subcommand', `-f -a ${quoted(name)} -d ${quoted(description)}`),
    ),
    ...commands.flatMap(({ name, options, words }) => {
      const condition = name
        .split(' ')
        .map((part) => `__fish_seen_subcommand_from ${part}`)
        .join('; and ');
      return [
        ...(words.length > 0 ? [line(condition, `-f -a ${quoted(words.join(' '))}`)] : []),
        ...options.map(({ names, description, takesValue, choices }) => {
          const flags = names.map((each) => (each.startsWith('--') ? `-l ${each.slice(2)}` : `-s ${each.slice(1)}`));
          const value = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : takesValue ? ' -r' : '';
          return line(condition, `${flags.join(' ')}${value} -d ${quoted(description)}`);
        }),
      ];
    }),
  ].join('\n');
}
