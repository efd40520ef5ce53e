// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KernelOops } from '../../src/model/hardware/kernel-oops.ts';
import { fromBig } from '../../src/base/u64.ts';
import { linkStandalone, runTranslated } from './standalone.ts';

/** `body` as the body of `long f(void)`. */
function run(body: string, before = ''): bigint {
  return runTranslated(`${before}\nlong f(void)\n{\n${body}\n}\n`, 'f');
}

function fault(body: string, before = ''): string {
  try {
    run(body, before);
  } catch (error) {
    if (error instanceof KernelOops) return error.event.fault;
    throw error;
  }
  return 'none';
}

describe('arithmetic', () => {
  it('wraps 32-bit integers', () => {
    expect(run('int a = 2147483647; a++; return a;')).toBe(-2147483648n);
    expect(run('unsigned a = 0; a--; return a;')).toBe(4294967295n);
    expect(run('unsigned a = 65537; return a * a;')).toBe(131073n);
  });

  it('keeps all 64 bits', () => {
    expect(run('unsigned long a = 0xfedcba9876543210UL; return a >> 60;')).toBe(15n);
    expect(run('unsigned long a = 0x123456789abcdefUL; return a * 31 == 0x2345678912345ef1UL;')).toBe(
      BigInt.asUintN(64, 0x123456789abcdefn * 31n) === 0x2345678912345ef1n ? 1n : 0n,
    );
    expect(run('long a = -1; return (unsigned long)a / 3 == 0x5555555555555555UL;')).toBe(1n);
  });

  it('takes the lower bits of any 64, and of 64 that were put together', () => {
    const text =
      'unsigned long f(unsigned long a, unsigned long b, int c) { return (a | (b ^ c)) & 0x7fffffff; }\n' +
      'long g(long a, unsigned long b, int c) { return ((a + (long)b) & c & -4096L) & 0xfff000; }\n' +
      'long h(long a, unsigned long b, int c) { return (a ^ 0xfedcba9876543210UL ^ b ^ c) & 0x80000000; }\n';
    const linked = linkStandalone(text, ['f', 'g', 'h']);
    linked.boot([]);
    const long = fc.oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }),
    );
    fc.assert(
      fc.property(long, long, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (a, b, c) => {
        const call = (name: string): bigint => BigInt(linked.call(name, [fromBig(a), fromBig(b), c]));
        expect(call('f')).toBe((a | (b ^ BigInt(c))) & 0x7fffffffn);
        expect(call('g')).toBe((a + b) & BigInt(c) & -4096n & 0xfff000n);
        expect(call('h')).toBe((a ^ 0xfedcba9876543210n ^ b ^ BigInt(c)) & 0x80000000n);
      }),
    );
  });

  it('converts between signs and widths', () => {
    expect(run('signed char a = 200; return a;')).toBe(-56n);
    expect(run('return (unsigned char)-1 + (short)65535;')).toBe(254n);
    expect(run('int a = -1; unsigned b = 1; return a < b;')).toBe(0n);
    expect(run('int a = -1; unsigned long b = a; return b == ~0UL;')).toBe(1n);
    expect(run('unsigned a = -1; unsigned long b = a; return b == 0xffffffffUL;')).toBe(1n);
  });

  it('promotes bit-fields and stores them beside each other', () => {
    const before = 'struct s { unsigned a : 3; int b : 5; unsigned long c : 40; };';
    expect(
      run(
        'struct s s = { 0 }; s.a = 9; s.b = -3; s.c = 1UL << 39; return s.a + s.b + (long)(s.c >> 38);',
        before,
      ),
    ).toBe(0n);
  });
});

describe('128-bit integers', () => {
  it('multiply, shift, divide and compare without losing a bit', () => {
    const w = 'unsigned __int128 w = (unsigned __int128)0xfedcba9876543210UL * 0xffffffffffffffffUL;';
    expect(run(`${w} return (unsigned long)(w >> 64) == 0xfedcba987654320fUL;`)).toBe(1n);
    expect(run(`${w} return (unsigned long)w == 0x0123456789abcdf0UL;`)).toBe(1n);
    expect(run(`${w} return (unsigned long)(w / 0xffffffffffffffffUL) == 0xfedcba9876543210UL;`)).toBe(1n);
    expect(run('unsigned __int128 a = -1; return a > 5 && a == ~(unsigned __int128)0 && !(a + 1);')).toBe(1n);
    expect(run('__int128 a = -7; a >>= 1; a -= (int)2; return a < 0 ? a * 10 : 0;')).toBe(-60n);
    expect(run('unsigned long u = ~0UL; __int128 a = u, b = (long)u; return (a > 0) * 10 + (b == -1);')).toBe(
      11n,
    );
  });

  it('lie in memory as two words, the lower first, and are passed and returned', () => {
    const before = `struct s { char c; unsigned __int128 w; };
      static __int128 twice(__int128 a) { return a + a; }`;
    const code =
      'struct s s = { 1, 5 }; unsigned long *p = (unsigned long *)&s.w; s.w |= (unsigned __int128)3 << 64;';
    expect(run(`${code} return p[0] * 100 + p[1] * 10 + (sizeof(s) == 32);`, before)).toBe(531n);
    expect(run('return twice(-21);', before)).toBe(-42n);
    expect(fault('__int128 a = 1; int n = 128; return a << n;')).toBe('shift');
    expect(fault('__int128 a = 1; int n = 0; return a / n;')).toBe('divide');
  });
});

describe('variable arguments', () => {
  const before = `
    static long vsum(int n, __builtin_va_list ap)
    { long sum = 0; while (n--) sum = sum * 10 + __builtin_va_arg(ap, int); return sum; }
    static long sum(int n, ...)
    { __builtin_va_list ap, again; long first; __builtin_va_start(ap, n); __builtin_va_copy(again, ap);
      first = vsum(n, ap); __builtin_va_end(ap); return first * 1000 + vsum(n, again); }`;

  it('are read by the function that takes them, and by the one that it passes them to', () => {
    expect(run('return sum(3, 1, (char)2, 3);', before)).toBe(123123n);
    expect(run('return sum(2, -1, 4);', before)).toBe(-6006n);
  });

  it('end where the call ends', () => {
    expect(fault('return sum(3, 1, 2);', before)).not.toBe('none');
  });

  it('may be pointers and longs', () => {
    const deref = `static long at(const char *what, ...)
      { __builtin_va_list ap; long *p, i; __builtin_va_start(ap); p = __builtin_va_arg(ap, long *);
        i = __builtin_va_arg(ap, unsigned long); return p[i]; }`;
    expect(run('long a[2] = { 4, 9 }; return at("x", a, 1UL);', deref)).toBe(9n);
  });
});

it('says that it does not follow a C file that is included', () => {
  expect(() => run('return 1;', '#include "f.c"')).toThrow('the C file `f.c` is included');
});

describe('what newer standards add', () => {
  it('has enums of a type, null pointers of their own, and attributes in brackets', () => {
    const before = `enum small : unsigned char { ONE = 1, TWO }; struct s { enum small : 3; enum small e; };
      [[nodiscard]] static int two(void) { return TWO; }`;
    expect(run('return sizeof(enum small) * 10 + two();', before)).toBe(12n);
    expect(run('int *p = nullptr; [[maybe_unused]] int q = 3; return p == 0 ? q : 0;')).toBe(3n);
  });
});

describe('pointers and objects', () => {
  it('finds the container of an embedded struct', () => {
    const before = `struct node { struct node *next; };
      struct area { long start; struct node node; long size; };
      #define container_of(p, type, member) ((type *)((char *)(p) - __builtin_offsetof(type, member)))`;
    expect(
      run(
        'struct area a = { .size = 7 }; struct node *n = &a.node; return container_of(n, struct area, node)->size;',
        before,
      ),
    ).toBe(7n);
  });

  it('lets a union be read as its other member', () => {
    expect(
      run('union { unsigned char b[4]; unsigned w; } u = { .w = 0x01020304 }; return u.b[0] * 10 + u.b[3];'),
    ).toBe(41n);
  });

  it('copies structs by value', () => {
    const before =
      'struct p { int x, y; }; static struct p swap(struct p p) { struct p q = { p.y, p.x }; p.x = 99; return q; }';
    expect(
      run('struct p a = { 1, 2 }; struct p b = swap(a); return a.x * 100 + b.x * 10 + b.y;', before),
    ).toBe(121n);
  });

  it('calls through tables of function pointers', () => {
    const before = `static int one(int x) { return x + 1; } static int two(int x) { return x * 2; }
      static int (*const table[])(int) = { one, [2] = two };`;
    expect(run('return table[2](table[0](4)) + (table[1] == 0);', before)).toBe(11n);
  });

  it('keeps static locals between calls', () => {
    const before = 'static int next(void) { static int n = 5; return n++; }';
    expect(run('next(); next(); return next();', before)).toBe(7n);
  });
});

describe('control flow', () => {
  it('goes forward out of loops and backward to a retry', () => {
    expect(
      run('int i, n = 0; for (i = 0; i < 10; i++) { if (i == 4) goto out; n += i; } n = -1; out: return n;'),
    ).toBe(6n);
    expect(run('int tries = 0; again: tries++; if (tries < 5) goto again; return tries;')).toBe(5n);
    expect(
      run(
        'int n = 0, i; again: for (i = 0; i < 3; i++) { n++; if (n == 2) goto again; if (n > 4) goto done; } n += 100; done: return n;',
      ),
    ).toBe(5n);
  });

  it('falls through in switch, and continues the loop around it', () => {
    expect(
      run(
        'int i, n = 0; for (i = 0; i < 6; i++) { switch (i) { case 0: continue; case 1: n += 1; case 2: n += 10; break; default: n += 100; case 4 ... 5: n += 1000; } } return n;',
      ),
    ).toBe(3121n);
  });

  it('runs the cleanup of what a loop declares when the loop is left, and of that declarator alone', () => {
    const before = 'static int log; static void done(int *p) { log = log * 10 + *p; }';
    const loop = 'for (int a __attribute__((cleanup(done))) = 1, b = 3; b; b = 0)';
    expect(run(`${loop} log = 7; return log;`, before)).toBe(71n);
    const leaving = `${before} static int leave(int how) { ${loop} { if (how) return 5; break; } return 6; }`;
    expect(run('return leave(1) * 10 + log;', leaving)).toBe(51n);
    expect(run('return leave(0) * 10 + log;', leaving)).toBe(61n);
  });

  it('takes what C23 allows: declarations behind labels, attributes, auto', () => {
    expect(run('int a = 1; if (a) goto out; a = 2; out: int b = a; return b;')).toBe(1n);
    expect(run('switch (1) { case 1: int a = 3; [[fallthrough]]; default: return a; }')).toBe(3n);
    expect(run('auto a = 5UL; return a + sizeof(a);')).toBe(13n);
  });

  it('runs cleanups at the end of the scope', () => {
    const before = 'static int log; static void done(int *p) { log = log * 10 + *p; }';
    expect(
      run(
        '{ int a __attribute__((cleanup(done))) = 1; int b __attribute__((cleanup(done))) = 2; log = 9; } return log;',
        before,
      ),
    ).toBe(921n);
  });

  it('evaluates statement expressions with loops inside', () => {
    expect(run('int n = ({ int s = 0; for (int i = 1; i <= 4; i++) s += i; s; }); return n;')).toBe(10n);
  });
});

describe('loops through a pointer that the function was given', () => {
  const sum =
    'static long sum(int *a, int from, int to) { long s = 0; for (int i = from; i < to; i++) s += a[i]; return s; }';
  const walk = 'static long walk(int *a, int n) { long s = 0; while (n--) s += *a++; return s; }';
  const chosen = 'static long at(int **p, unsigned i) { long s = 0; do s += *p[i]; while (i--); return s; }';
  const again = 'static int again(int *a, int n) { more: *a += 3; if (--n > 0) goto more; return *a; }';
  const add = 'static int add(int *a, int n) { while (n--) { *a += 2; (*a)--; } return *a; }';

  it('load and store the elements before and behind it', () => {
    expect(run('int a[4] = { 1, 2, 3, 4 }; return sum(a + 2, -2, 2);', sum)).toBe(10n);
    expect(run('int a[4] = { 1, 2, 3, 4 }; return walk(a, 4);', walk)).toBe(10n);
    expect(run('int x = 5, y = 7, *p[2] = { &x, &y }; return at(p, 1);', chosen)).toBe(12n);
    expect(run('int x = 5; return add(&x, 3) * 10 + x;', add)).toBe(88n);
    expect(run('int x = 5; return again(&x, 3);', again)).toBe(14n);
    const packed = 'struct p { char c; int a[2]; } __attribute__((packed));';
    expect(run('struct p p = { 1, { 2, 3 } }; return sum(p.a, 0, 2);', `${packed} ${sum}`)).toBe(5n);
  });

  it('find faults where they are', () => {
    expect(fault('int a[4] = { 1, 2, 3, 4 }; return sum(a, 0, 5);', sum)).toBe('out-of-bounds');
    expect(fault('int a[4] = { 1, 2, 3, 4 }; return sum(a, -1, 1);', sum)).toBe('out-of-bounds');
    expect(fault('int a[2]; a[0] = 1; return sum(a, 0, 2);', sum)).toBe('uninitialised');
    expect(fault('return sum(0, 0, 1);', sum)).toBe('null');
    expect(fault('return add((int *)0, 1);', add)).toBe('null');
    expect(fault('int x = 5, *p[1] = { &x }; return at(p, 4294967295u);', chosen)).not.toBe('none');
    expect(fault('int *p; { int x = 5; p = &x; } return at(&p, 1u << 31);', chosen)).not.toBe('none');
  });
});

describe('what C leaves undefined is a fault', () => {
  it('reads behind an array', () => {
    expect(fault('int a[3] = { 1, 2, 3 }; int i = 3; return a[i];')).toBe('out-of-bounds');
  });

  it('reads a local before it is written', () => {
    expect(fault('int a; if (f == 0) a = 1; return a;')).toBe('uninitialised');
    expect(fault('int a[2]; a[0] = 1; return a[1];')).toBe('uninitialised');
  });

  it('shifts by the width, divides by zero, goes through NULL', () => {
    expect(fault('int n = 32; return 1 << n;')).toBe('shift');
    expect(fault('int n = 0; return 1 / n;')).toBe('divide');
    expect(fault('int *p = 0; return *p;')).toBe('null');
  });

  it('uses a local after its function returned', () => {
    expect(
      fault(
        'int *p = escape(); return *p;',
        'static int *escape(void) { int x = 3; int *p = &x; return p; }',
      ),
    ).toBe('out-of-bounds');
  });
});

describe('the preprocessor', () => {
  it('expands an argument once, however often it is used', () => {
    const before = '#define TWICE(n) ((n) * 10 + (n))\n#define NEXT TWICE(__COUNTER__)';
    expect(run('int first = NEXT; return NEXT - first;', before)).toBe(11n);
  });

  it('keeps __VA_OPT__ only where there are variable arguments', () => {
    const before = '#define SUM(a, ...) (a __VA_OPT__(+ (1) +) __VA_ARGS__)';
    expect(run('return SUM(1) * 100 + SUM(2, 3);', before)).toBe(106n);
  });

  it('pastes, stringizes and hides', () => {
    const before = `#define cat(a, b) a##b
      #define xcat(a, b) cat(a, b)
      #define str(x) #x
      #define xstr(x) str(x)
      #define N 4
      #define f2(x) (x + f2)
      #define va(first, ...) first + sum(0, ##__VA_ARGS__)
      static int sum(int a, int b) { return a + b; }
      static int f2 = 3, x4 = 40;`;
    expect(
      run(`return xcat(x, N) + f2(1) + va(5, 6) + sizeof(xstr(N + N)) + sizeof(str(a "b"));`, before),
    ).toBe(40n + 4n + 11n + 6n + 6n);
  });

  it('selects by configuration and conditions', () => {
    const before = `#define A 2
      #if defined(A) && A > 1 && !defined B
      #define R 1
      #elif 1
      #define R 2
      #else
      #error no
      #endif`;
    expect(run('return R + IS_ENABLED(CONFIG_HUGETLB_PAGE) * 10;', before)).toBe(11n);
  });

  it('reads numbers whose digits are apart, and constants that are variables', () => {
    const before = `static constexpr unsigned int million = 1'000'000, bits = 0b0110'0100, mask = 0xff'ff;
      #if 1'0 != 10
      #error no
      #endif`;
    expect(run("return million + bits + mask + 'a';", before)).toBe(1_000_000n + 100n + 0xffffn + 97n);
  });

  it('selects by names too where another condition did not hold', () => {
    const before = `#define A 2
      #ifndef A
      #error no
      #elifdef B
      #error no
      #elifndef B
      #define R 3
      #elifdef A
      #error no
      #else
      #error no
      #endif`;
    expect(run('return R;', before)).toBe(3n);
  });
});

describe('entries and protections, which an architecture declares as structs of one word', () => {
  const before = 'typedef __descriptor pgprot_t;\nstruct s { int a; pgprot_t prot; };';

  it('give their bits, and take them', () => {
    expect(run('pgprot_t p = { 0x8000000000000163UL }; return p.pgprot >> 60;', before)).toBe(8n);
    expect(run('pgprot_t p = { .pgprot = 0x163 }; p.pgprot &= ~2UL; return p.pgprot;', before)).toBe(0x161n);
    expect(run('return ((pgprot_t){ 0x40 }).pgprot;', before)).toBe(0x40n);
  });

  it('do so in memory as well, where they are what hardware reads', () => {
    const body = `struct s s; pgprot_t p = { 1UL << 52 };
      s.prot = p;
      s.prot.pgprot |= 5;
      unsigned long *at = (unsigned long *)&s.prot, old = s.prot.pgprot++;
      *&s.prot.pgprot += 2;`;
    expect(run(`${body} return *at;`, before)).toBe(2n ** 52n + 8n);
    expect(run(`${body} return old;`, before)).toBe(2n ** 52n + 5n);
  });

  it('are objects behind the macros of the kernel that name their bits', () => {
    const named = `${before}\nunsigned long long pgprot_val(pgprot_t prot);`;
    const body = `struct s s; s.prot = (pgprot_t){ 8 };
      unsigned long long *at = &pgprot_val(s.prot);
      pgprot_val(s.prot) |= 1;
      *at += 2;
      return s.prot.pgprot;`;
    expect(run(body, named)).toBe(11n);
  });

  it('are no numbers themselves', () => {
    expect(() => run('pgprot_t p = { 1 }; return p;', before)).toThrow(/converted/);
  });
});
