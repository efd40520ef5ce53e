// SPDX-License-Identifier: GPL-2.0-only

// The part of the engine's WebAssembly interface that hot code uses; the types of Node do not have it.
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number; maximum: number });
    readonly buffer: ArrayBuffer;
  }
  interface Module {
    readonly [Symbol.toStringTag]: 'WebAssembly.Module';
  }
  const Module: new (bytes: Uint8Array) => Module;
  const CompileError: new () => Error;
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Readonly<Record<string, (...args: never[]) => unknown>>;
  }
}
