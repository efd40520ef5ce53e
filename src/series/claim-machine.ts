// SPDX-License-Identifier: GPL-2.0-only

/** Words that say that a text is about a computer. Names of makers and parts as mails write them. */
const HARDWARE = new RegExp(
  String.raw`\b(?:RK\d+|POWER\d+|M[1-5]|x86|x86[_-]64|arm64|aarch64|riscv\w*|EPYC|Xeon|Opteron|Altra|Graviton\d?|` +
    String.raw`Ampere|Intel|AMD|Cortex|Neoverse|Raspberry|Snapdragon|Kunpeng|ThunderX\d?|Skylake|Zen ?\d|cores?|` +
    String.raw`\d+-core|sockets?|SoC|CPUs?|VMs?|QEMU|KVM|boards?|machine|system|server|laptop|workstation|\d+-node|GHz)\b`,
  'i',
);

/** What begins like a machine and is none in particular. */
const VAGUE = /^(?:different|various|several|all|most|many|some|other|any|each|every|both|which)\b/i;

/** Words after which a sentence speaks of something else than the machine. */
const ENDS =
  /,? (?:benchmark results|results|the following|we|I|it|this|these|there|shows?|gives?|gets?|goes|go|drops?|is|are|was|were|takes?|improves?|reduces?)(?=[\s,:]|$)|, (?=(?:the|a|an) )/;

/** Longest phrase, in characters, that is taken for a machine. */
const MACHINE_LENGTH = 200;

/** Whether a table's label names a computer. */
export function looksLikeMachine(text: string): boolean {
  return (
    !VAGUE.test(text) && HARDWARE.test(text) && !/^(?:CPUs?|cores?|VMs?|sockets?)\b(?! \w+ \w)/i.test(text)
  );
}

/**
 * The computers that a text names, in order, with their offsets: what follows `on`, as written, up to the sentence's
 * end or to what it goes on with.
 */
export function findMachines(text: string): { readonly at: number; readonly phrase: string }[] {
  return [...text.matchAll(/\b[Oo]n (?:an? |the |my |our )?(?=\w)/g)].flatMap((match) => {
    const article = /(?:an?|the|my|our) $/.test(match[0]);
    const rest = text.slice(match.index + match[0].length, match.index + match[0].length + MACHINE_LENGTH);
    if (!article && !/^[\dA-Z]/.test(rest)) return [];
    const end = rest.search(/[.;:](?:\s|$)|:$|, (?:and )?from \d|, \d+(?:\.\d+)? ?(?:%|x\b)/);
    const clause = end === -1 ? rest : rest.slice(0, end);
    const stop = clause.search(ENDS);
    const phrase = (stop === -1 ? clause : clause.slice(0, stop)).replace(/[\s,(]+$/, '');
    const named = phrase.length >= 2 && !VAGUE.test(phrase) && HARDWARE.test(phrase);
    return named ? [{ at: match.index, phrase }] : [];
  });
}
