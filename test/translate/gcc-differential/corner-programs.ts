// SPDX-License-Identifier: GPL-2.0-only

/**
 * Corners of C that the generator of programs does not come to, by what each is about. A text is the body of a function
 * that returns `long long`; what stands before `---` is at file scope.
 */
export const CORNERS: Readonly<Record<string, string>> = {
  'an assignment to a bit-field yields what the field can hold': `
    struct { unsigned u:5; int s:5; _Bool b:1; } f = { 30 };
    s64 r = f.u++;
    r = r * 100 + f.u;
    r = r * 100 + ++f.u;
    r = r * 100 + (f.u += 40);
    r = r * 100 + (f.u = 77);
    r = r * 100 + (f.s = 30);
    return r * 100 + (f.b = 256);`,
  'bit-fields that straddle, and those that may not': `
    struct packed { u8 a:5; u16 b:10; u8 c:7; } __attribute__((packed));
    struct { u16 a:12; u8 b:6; u8 c:4; u32 d:30; } w = { .d = 0x3fffffff, .c = 9, .b = 33, .a = 4000 };
    static struct { int a:4; int :0; int b:4; int :6; unsigned c:20; } z = { -3, 6, 0xfffff };
    static struct packed p = { 21, 0x2a5, 0x55 };
    s64 r = sizeof(struct packed) + sizeof(w) * 10 + sizeof(z) * 100;
    for (int i = 0; i < 3; i++) r = r * 131 + ((u8 *)&p)[i];
    for (int i = 0; i < 8; i++) r = r * 131 + ((u8 *)&z)[i];
    return r + w.a + w.b * 3 + w.c * 5 + w.d % 1009;`,
  'a bit-field narrower than int is an int': `
    struct { unsigned a:31; int b:31; } s = { -1, -1 };
    return (s.a - 1 > 0) + (s.b < 0) * 2 + ((s.a << 1) < 0) * 4 + (-s.a < 0) * 8;`,
  'an enum is as wide as it must be, and unsigned where it can': `
    enum neg { A = 1, B = 200, C = -1 };
    enum wide { Q = 1UL << 40, R };
    enum full { X, Y = 0xffffffffU };
    enum top { T = 1ULL << 63 };
    enum small { S = 255 } __attribute__((packed));
    enum neg n = C;
    enum full y = Y;
    return sizeof(enum neg) + sizeof(enum wide) * 10 + (n < 0) * 100 + (y > 0) * 1000 + (R >> 40) * 10000
      + (Y + 1 == 0) * 100000 + sizeof(Y) * 1000000 + sizeof(A) * 10000000 + (T > 0) * 100000000ll
      + sizeof(enum small) * 1000000000ll;`,
  'values go on behind a designator that leads deep': `
    struct nest { int a; struct { int b[3]; union { short c; long d; } u; } in[2]; char s[6]; };
    struct nest n = { .in[1].b[1] = 5, 7, { 8 }, .in[0] = { { 1, 2 }, { .d = 9 } }, .s = "abcdef", .a = 3 };
    struct { int a[3]; int b; } s[] = { [0].a = { 1, 2, 3 }, [0].a[1] = 9, [1] = { { 4 }, 5 }, [1].b = 6,
      [2].a[0] = 1, 2, 3, 4, { { 7 } } };
    s64 r = n.a + n.in[0].b[1] * 100 + n.in[1].b[1] * 10000 + n.in[1].b[2] * 100000 + n.in[1].u.c * 31 + n.s[5];
    r = r * 10 + sizeof(s) / sizeof(s[0]);
    for (int i = 0; i < 4; i++) for (int j = 0; j < 3; j++) r = r * 7 + s[i].a[j] + s[i].b;
    return r;`,
  'members of anonymous structs and unions, with and without names': `
    struct A { int a; union { int b; long c; struct { s16 d, e; }; }; u8 f[3]; };
    struct A x = { .d = 3, 4, .f = { [1] = 9 }, .a = 1 }, y = { 1, { 2 }, { 3 } }, z = { .b = 7, 5, 6 }, w = { .f[1] = 2, 3 };
    return x.a + x.d * 10 + x.e * 100 + x.f[1] * 1000 + y.b * 10000 + y.f[0] * 100000 + z.b + z.f[0] * 3 + z.f[1] * 5
      + w.f[1] * 7 + w.f[2] * 11;`,
  'a later initialiser wins, and braces begin anew': `
    struct P { int x, y; } p = { 1, 2 };
    struct { struct P p; int z; } q = { p, 3 }, w = { .p = p, .p.y = 9, .z = 4 }, v = { .p = { 5 }, .p.y = 6 };
    struct P b[3] = { [0 ... 2] = { 1, 2 }, [1] = { .y = 7 } };
    int a[4] = { [0 ... 3] = 5, [1] = 2 };
    s64 r = q.p.x + q.p.y * 10 + q.z * 100 + w.p.x * 1000 + w.p.y * 10000 + w.z * 100000 + v.p.x * 1000000 + v.p.y * 10000000;
    for (int i = 0; i < 3; i++) r = r * 10 + b[i].x * 3 + b[i].y + a[i];
    return r;`,
  'cases inside of loops and branches': `
    s64 r = 0;
    for (int i = -1; i < 8; i++) {
      switch (i) {
      case 0: r += 1;
      case 1: r += 10; break;
      case 2 ... 4: r += 100; if (i == 3) break; r += 7;
      default: r += 1000; break;
      case 6: { int z = i; r += z; case 7: r += 5; }
      }
    }
    for (int i = 0; i < 6; i++) switch (i) {
      if (0) { case 1: r += 1; }
      if (0) { case 2: r += 20; }
      do { case 3: r += 300; if (r % 2) continue; r++; } while (r < 5000 && i == 3);
    }
    return r;`,
  "Duff's device": `
    s64 r = 0;
    int n = 7, i = 0;
    switch (n % 4) {
    case 0: do { r += i++;
    case 3: r = r * 2 + 1;
    case 2: r += i * 3;
    case 1: r -= 1;
      } while ((n -= 4) > 0);
    }
    return r + n * 1000;`,
  'a switch body that begins with a declaration and is entered behind it': `
    int x = 5;
    s64 r = 0;
    switch (x) {
      int y;
    case 5: y = 3; r = y;
      if (r) { case 9: r += 10; } else { default: r += 100; }
      r++;
    }
    return r;`,
  'goto into loops and blocks': `
    s64 r = 0;
    int i = 0, x = 0;
  again:
    for (; i < 10; i++) for (int j = 0; j < 5; j++) {
      if (j == 3 && i == 4) { i++; r += 1000; goto again; }
      if (i == 8) goto out;
      r += j;
    }
  out:
    if (i < 9) { goto in; while (i < 20) { in: i += 3; r += i; } }
    goto mid;
    { int y; start: y = 5; x += y; mid: y = 7; x += y * 10; if (x < 200) goto start; }
    return r * 1000 + x;`,
  'loops and jumps inside of statement expressions': `
    int i = 0, s = 0;
    while (({ i++; i < 10; })) {
      if (({ int t = i % 3; t == 0; })) continue;
      s += ({ int z; switch (i) { case 1: z = 100; break; default: z = i; } z; });
    }
    s += ({ __label__ l; int k = 0; l: k++; if (k < 4) goto l; k; });
    for (int j = 0; j < 5; j++) { ({ if (j == 2) continue; if (j == 4) break; s += j; }); s *= 2; }
    return s;`,
  'continue out of a switch, break out of a loop in one': `
    s64 r = 0;
    for (int i = 0; i < 3; i++) {
      switch (i) {
      case 0: continue;
      case 1: while (1) { if (r > 5) break; r++; } break;
      default: for (;;) { switch (r) { case 6: r = 40; continue; default: goto done; } }
      }
      r *= 2;
    }
  done:
    return r;`,
  'cases at the ends of 64 bits': `
    s64 r = 0;
    u64 v = 0xfffffffffffffff0ULL;
    for (int i = 0; i < 20; i++, v++) switch (v) {
    case 0xfffffffffffffff2ULL ... 0xfffffffffffffff5ULL: r += 1; break;
    case 0xffffffffffffffffULL: r += 100; break;
    case 0: r += 1000; break;
    case 1 ... 2: r += 10000;
    }
    switch ((u32)-1) { case -1: r += 100000; }
    switch ((s8)-1) { case 255: r += 1; break; case -1: r += 1000000; }
    return r;`,
  'long and long long are two types': `
    return _Generic(1LL, long: 1, long long: 2) + _Generic((u64)1, unsigned long: 10, unsigned long long: 20)
      + _Generic(1L + 1LL, long: 100, long long: 200)
      + _Generic(1UL + 1LL, unsigned long: 1000, unsigned long long: 2000, long long: 3000)
      + __builtin_types_compatible_p(unsigned long *, u64 *) * 10000
      + __builtin_types_compatible_p(typeof(1ULL << 3), u64) * 100000;`,
  'layout of packed and aligned members': `
    struct { u16 a; u32 b __attribute__((packed)); } pk = { 1, 0x01020304 };
    struct __attribute__((packed)) pp { u8 a; u64 b; u16 c[2]; };
    struct al { char a; int b __attribute__((aligned(16))); char c; };
    struct in { char a; struct pp p; short s; };
    return sizeof(struct pp) + sizeof(struct al) * 10 + sizeof(struct in) * 1000 + offsetof(struct in, s) * 100000
      + offsetof(struct al, c) * 1000000 + sizeof(pk) * 10000000ll + pk.b % 97;`,
  'labels before declarations, and attributes that newer code has': `
    static int put;
    static void note(int *p) { put = put * 10 + *p; }
    struct counted { int n; int a[] __attribute__((__may_alias__)); };
    ---
    static const int table[] = { [0 ... 3] = 7, [4] = 1 };
    const int once = 3;
    __auto_type copy = once;
    int sum = 0;
    _Static_assert(sizeof(int) == 4, "as everywhere");
    for (int i = 0, step = 2; i < 5; i++) sum += table[i] * step;
    {
      int kept __attribute__((cleanup(note))) = 4;
      int later __attribute__((cleanup(note))) = 5;
      kept++;
    }
    switch (copy) {
    case 3:
      int inside = sum;
      sum += inside;
      __attribute__((__fallthrough__));
    case 4:
      goto out;
    default:
      sum = 0;
    }
    out:;
    int last = sum;
    return last * 100 + put;`,
  'products and quotients of 128 bits': `
    unsigned __int128 w = (unsigned __int128)0xfedcba9876543210UL * 0xffffffffffffff9bUL;
    __int128 s = -((__int128)1 << 100) + 12345, t[2] = { s, s / 7 };
    u64 *half = (u64 *)&t[1];
    w ^= (w >> 3) % 1000003;
    s64 r = (s64)(w >> 64) + (s64)w * 3 + (s64)(s >> 90) * 5 + (s % 1000 < 0) * 7 + (w > (unsigned __int128)s) * 11;
    t[0] -= w--;
    return r + half[0] * 13 + half[1] * 17 + (s64)(~t[0] << 5) + (s64)(-t[0] >> 70) + (int)(s64)w + sizeof(t) + !w;`,
  'variable arguments': `
    static s64 fold(s64 r, int n, __builtin_va_list ap)
    { while (n--) r = r * 31 + __builtin_va_arg(ap, int); return r + *__builtin_va_arg(ap, short *); }
    static s64 sum(int n, ...)
    { __builtin_va_list ap; s64 r; __builtin_va_start(ap, n); r = __builtin_va_arg(ap, s64);
      r = fold(r, n, ap); __builtin_va_end(ap); return r; }
    ---
    short s = -9;
    return sum(3, 1LL << 40, -1, (char)7, s, &s) + sum(0, 5LL, &s);`,
  'alignment that is asked for by a word': `
    struct a { char c; _Alignas(16) char d; char e; };
    struct b { _Alignas(long) char c; char d; _Alignas(0) short e; _Alignas(2) _Alignas(8) char f[3]; };
    ---
    return sizeof(struct a) + offsetof(struct a, e) * 100 + sizeof(struct b) * 10000 + offsetof(struct b, e) * 1000000
      + offsetof(struct b, f) * 100000000ll + _Alignof(struct b) * 3;`,
  'arguments for transparent unions': `
    struct page { long flags; }; struct folio { struct page page; long more; };
    typedef union { struct page **pages; struct folio **folios; long *bits; } which
      __attribute__ ((__transparent_union__));
    union __attribute__((transparent_union)) number { int n; unsigned char low; };
    static s64 first(which w, int n) { return n ? w.pages[n]->flags + 1 : w.bits != 0; }
    static s64 twice(which w) { return first(w, 0) * 2 + first(w.folios, 0); }
    static int low(union number v) { return v.low; }
    static struct page *f_of(which w) { return w.pages[1]; }
    ---
    struct folio f = { { 1234 }, 5 }, *array[2] = { &f, &f };
    struct page *page = &f.page;
    which all = { .folios = array };
    s64 r = first(array, 0) * 3 + first(&page, 0) * 5 + first(all, 1) / 4 + first(0, 0) * 7 + twice((void *)array) * 1000;
    for (int i = 0; i < 3; i++) r += low(i + 0x1fe) * 100000;
    return r + (page == f_of(array)) * 7;`,
  'structs by value': `
    struct S { long v; int w[3]; };
    static struct S mk(int n) { struct S s = { n, { n + 1, n + 2, n + 3 } }; return s; }
    ---
    struct S a = mk(1), b = mk(2), *p = &a;
    *(a.v ? &a : &b) = b;
    p->w[1] += p->w[0]++;
    return mk(5).v + mk(6).w[2] * 10 + (mk(1).v ? mk(2) : mk(3)).w[0] * 100 + (mk(4), mk(7)).v * 1000 + a.w[1] * 10000;`,
};
