// SPDX-License-Identifier: GPL-2.0-only
const typed = ['kmalloc', 'kzalloc', 'kvmalloc', 'kvzalloc'];

/** Since 7.0 objects are asked for by type; the mask is GFP_KERNEL where none is given. */
function typedAllocators(): string {
  const macros = typed.map(
    (allocate) => `#define ${allocate}_objs(object, count, ...) \\
	((typeof(object) *)${allocate}(size_mul(sizeof(object), count), default_gfp(__VA_ARGS__)))
#define ${allocate}_obj(object, ...) ((typeof(object) *)${allocate}(sizeof(object), default_gfp(__VA_ARGS__)))
#define ${allocate}_flex(object, member, count, ...) \\
	((typeof(object) *)${allocate}(struct_size((typeof(object) *)NULL, member, count), default_gfp(__VA_ARGS__)))
`,
  );
  return `#define default_gfp(...) __second(, ##__VA_ARGS__, GFP_KERNEL)
${macros.join('')}`;
}

/** The slab allocator: every object is its own allocation, so that any misuse of one is seen. */
export const header = (): string => `
#define slab_is_available() 1
struct kmem_cache { const char *name; unsigned int object_size; unsigned int align; slab_flags_t flags; void (*ctor)(void *); };
#define SLAB_HWCACHE_ALIGN 0x1U
#define SLAB_PANIC 0x2U
#define SLAB_ACCOUNT 0x4U
#define SLAB_RECLAIM_ACCOUNT 0x8U
#define SLAB_TYPESAFE_BY_RCU 0x10U
#define ARCH_KMALLOC_MINALIGN 8
#define KMALLOC_MAX_SIZE (1UL << 22)
#define ZERO_SIZE_PTR ((void *)16)
#define ZERO_OR_NULL_PTR(x) ((unsigned long)(x) <= (unsigned long)ZERO_SIZE_PTR)
void *kmalloc(size_t size, gfp_t flags);
void *kzalloc(size_t size, gfp_t flags);
void *kmalloc_node(size_t size, gfp_t flags, int node);
void *kzalloc_node(size_t size, gfp_t flags, int node);
void *kmalloc_array(size_t n, size_t size, gfp_t flags);
void *kcalloc(size_t n, size_t size, gfp_t flags);
void *kmalloc_array_node(size_t n, size_t size, gfp_t flags, int node);
void *kcalloc_node(size_t n, size_t size, gfp_t flags, int node);
static inline void *kmemdup(const void *from, size_t size, gfp_t flags)
{ void *copy = kmalloc(size, flags); if (copy) memcpy(copy, from, size); return copy; }
void kfree(const void *object);
size_t ksize(const void *object);
struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align, slab_flags_t flags,
				     void (*ctor)(void *));
void kmem_cache_destroy(struct kmem_cache *s);
void *kmem_cache_alloc(struct kmem_cache *s, gfp_t flags);
void *kmem_cache_zalloc(struct kmem_cache *s, gfp_t flags);
void *kmem_cache_alloc_node(struct kmem_cache *s, gfp_t flags, int node);
void kmem_cache_free(struct kmem_cache *s, void *object);
#define kmalloc_noprof(...) kmalloc(__VA_ARGS__)
#define kzalloc_noprof(...) kzalloc(__VA_ARGS__)
#define kmalloc_node_noprof(...) kmalloc_node(__VA_ARGS__)
#define kzalloc_node_noprof(...) kzalloc_node(__VA_ARGS__)
#define kmalloc_array_noprof(...) kmalloc_array(__VA_ARGS__)
#define kmem_cache_alloc_noprof(...) kmem_cache_alloc(__VA_ARGS__)
#define kmem_cache_alloc_node_noprof(...) kmem_cache_alloc_node(__VA_ARGS__)
${typedAllocators()}#define KMEM_CACHE(type, flags) kmem_cache_create(#type, sizeof(struct type), __alignof__(struct type), flags, NULL)
void *kvmalloc_node(size_t size, gfp_t flags, int node);
void *kvmalloc(size_t size, gfp_t flags);
void *kvzalloc(size_t size, gfp_t flags);
void *kvmalloc_array(size_t n, size_t size, gfp_t flags);
void *kvcalloc(size_t n, size_t size, gfp_t flags);
void kvfree(const void *addr);
`;
