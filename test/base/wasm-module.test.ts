// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WasmCode, WasmModule, type FunctionSignature } from '../../src/base/wasm-module.ts';

function run(
  signature: FunctionSignature,
  write: (code: WasmCode, module: WasmModule) => void,
  imports: Record<string, unknown> = {},
): (...args: unknown[]) => unknown {
  const module = new WasmModule();
  const code = new WasmCode('f', signature);
  write(code, module);
  module.export('f', module.add(code));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const { bytes } = module.assemble(1);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { k: { memory, ...imports } });
  return exports['f'] as (...args: unknown[]) => unknown;
}

const int: FunctionSignature = { parameters: ['i32'], result: 'i32' };

describe('WebAssembly as bytes', () => {
  it('holds any constant', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.integer(),
        fc.double(),
        (i, n, x) => {
          expect(run({ parameters: [], result: 'i64' }, (c) => c.i64(i))()).toBe(i);
          expect(run({ parameters: [], result: 'i32' }, (c) => c.i32(n))()).toBe(n);
          expect(run({ parameters: [], result: 'f64' }, (c) => c.f64(x))()).toBe(x);
        },
      ),
    );
  });

  it('loops, branches and leaves blocks', () => {
    // The sum of 1 … n, but no more than 100.
    const sum = run(int, (c) => {
      const total = c.local('i32');
      c.block(undefined, (leave) => {
        c.loop((again) => {
          c.get(0).op('i32.eqz').branchIf(leave);
          c.get(total).get(0).op('i32.add').set(total);
          c.get(total).i32(100).op('i32.gt_s');
          c.if(undefined, () => c.i32(100).set(total).branch(leave));
          c.get(0).i32(1).op('i32.sub').set(0).branch(again);
        });
      });
      c.get(total);
    });
    expect([0, 1, 4, 13, 14, 1000].map((n) => sum(n))).toEqual([0, 1, 10, 91, 100, 100]);
  });

  it('calls functions that are imported, that were added before, and that are added later', () => {
    const later = { signature: int };
    const f = run(
      int,
      (c, module) => {
        const twice = module.add(new WasmCode('twice', int).get(0).get(0).op('i32.add'));
        c.get(0).call(twice).call(later).call(module.import('minus one', int));
        module.add(new WasmCode('square', int).get(0).get(0).op('i32.mul'), later);
      },
      { 'minus one': (n: number) => n - 1 },
    );
    expect(f(3)).toBe(35);
  });

  it('reads and writes memory where it is told to', () => {
    const f = run(int, (c) => {
      c.i32(8).get(0).at('i32.store', 4096);
      c.i32(4104).at('i32.load8_u', 0);
    });
    expect(f(0x1ff)).toBe(0xff);
  });
});
