/** The image that the Dockerfile describes: what its last stage is made of, and a way to put it together. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Copy, DockerfileParser, type Instruction, type PropertyInstruction } from 'dockerfile-ast';

export const dockerfile = readFileSync('Dockerfile', 'utf8');

export const instructions = DockerfileParser.parse(dockerfile).getInstructions();

const lastFrom = instructions.findLastIndex((each) => each.getKeyword() === 'FROM');
export const buildStage = instructions.slice(0, lastFrom);
export const lastStage = instructions.slice(lastFrom);

/** The argument of an instruction of the last stage that stands there once. */
export function argumentOf(keyword: string): string {
  const found = lastStage.filter((each) => each.getKeyword() === keyword);
  const content = found[0]?.getArgumentsContent();
  if (found.length !== 1 || typeof content !== 'string') throw new Error(`${found.length} times ${keyword}`);
  return content;
}

export function properties(keyword: 'ENV' | 'LABEL'): Readonly<Record<string, string | null>> {
  const found = lastStage.filter((each) => each.getKeyword() === keyword) as PropertyInstruction[];
  return Object.fromEntries(
    found.flatMap((each) =>
      each.getProperties().map((property) => [property.getName(), property.getValue()]),
    ),
  );
}

/**
 * Replays a stage in an empty folder: its COPY from this checkout (`dist` stands for what the build
 * stage makes), its RUN by `shell`, which is given each line as it is written.
 */
export function assemble(root: string, shell: (line: string) => void, stage = lastStage): void {
  let workingFolder = '/';
  for (const each of stage) {
    switch (each.getKeyword()) {
      case 'WORKDIR':
        workingFolder = each.getArgumentsContent() ?? '';
        mkdirSync(join(root, workingFolder), { recursive: true });
        break;
      case 'RUN':
        shell(each.getArgumentsContent() ?? '');
        break;
      case 'COPY':
        copy(each as Copy, root, workingFolder);
        break;
    }
  }
}

function copy(instruction: Copy, root: string, workingFolder: string): void {
  const paths = argumentsOf(instruction);
  const target = join(root, workingFolder, paths.at(-1) ?? '');
  for (const path of paths.slice(0, -1)) {
    const source = instruction.getFromFlag() ? path.replace('/build/', '') : path;
    if (!existsSync(source)) throw new Error(`COPY ${path}: there is no ${source}`);
    // A folder's content goes into the target, a file only where the target ends in a slash.
    const isInto = !statSync(source).isDirectory() && paths.at(-1)?.endsWith('/');
    cpSync(source, isInto ? join(target, basename(source)) : target, { recursive: true });
  }
}

export function argumentsOf(instruction: Instruction): readonly string[] {
  return instruction.getArguments().map((argument) => argument.getValue());
}

/** A shell for `assemble` that needs no rights: every path of the line is one below `root`. */
export function relocated(root: string): (line: string) => void {
  // Where a command's folders are there already in the image, they are not in an empty folder.
  mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
  return (line) => {
    for (const command of line.split('&&')) {
      const [name = '', ...rest] = command.trim().split(/\s+/);
      if (!harmless.includes(name)) throw new Error(`do not know how to replay ${name}`);
      if (name === 'chown' && process.getuid?.() !== 0) continue;
      execFileSync(
        name,
        rest.map((word) => (word.startsWith('/') ? join(root, word) : word)),
      );
    }
  };
}

const harmless = ['rm', 'mkdir', 'chown', 'chmod', 'ln'];
