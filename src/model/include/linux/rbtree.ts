// SPDX-License-Identifier: GPL-2.0-only
/** Red-black trees, plain and augmented. */
export const header = (): string => `
struct rb_node {
	unsigned long __rb_parent_color;
	struct rb_node *rb_right;
	struct rb_node *rb_left;
};
struct rb_root { struct rb_node *rb_node; };
struct rb_root_cached { struct rb_root rb_root; struct rb_node *rb_leftmost; };
struct rb_augment_callbacks {
	void (*propagate)(struct rb_node *node, struct rb_node *stop);
	void (*copy)(struct rb_node *old, struct rb_node *new);
	void (*rotate)(struct rb_node *old, struct rb_node *new);
};
#define RB_ROOT (struct rb_root) { NULL }
#define RB_ROOT_CACHED (struct rb_root_cached) { { NULL }, NULL }
#define RB_EMPTY_ROOT(root) rb_empty_root(root)
bool rb_empty_root(const struct rb_root *root);
#define RB_EMPTY_NODE(node) ((node)->__rb_parent_color == (unsigned long)(node))
#define RB_CLEAR_NODE(node) ((node)->__rb_parent_color = (unsigned long)(node))
#define rb_parent(node) ((struct rb_node *)((node)->__rb_parent_color & ~3UL))
#define rb_entry(pointer, type, member) container_of(pointer, type, member)
#define rb_entry_safe(pointer, type, member) \\
	({ typeof(pointer) __node = (pointer); __node ? rb_entry(__node, type, member) : NULL; })
void rb_link_node(struct rb_node *node, struct rb_node *parent, struct rb_node **rb_link);
#define rb_link_node_rcu(node, parent, link) rb_link_node(node, parent, link)
void rb_insert_color(struct rb_node *node, struct rb_root *root);
void rb_erase(struct rb_node *node, struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *node);
struct rb_node *rb_prev(const struct rb_node *node);
struct rb_node *rb_first(const struct rb_root *root);
struct rb_node *rb_last(const struct rb_root *root);
void rb_replace_node(struct rb_node *victim, struct rb_node *new, struct rb_root *root);
void rb_insert_augmented(struct rb_node *node, struct rb_root *root, const struct rb_augment_callbacks *augment);
void __rb_insert_augmented(struct rb_node *node, struct rb_root *root,
			   void (*augment_rotate)(struct rb_node *old, struct rb_node *new));
void rb_erase_augmented(struct rb_node *node, struct rb_root *root, const struct rb_augment_callbacks *augment);
#define rbtree_postorder_for_each_entry_safe(position, following, root, field) \\
	for (position = rb_entry_safe(rb_first_postorder(root), typeof(*position), field); \\
	     position && ({ following = rb_entry_safe(rb_next_postorder(&position->field), \\
						      typeof(*position), field); 1; }); position = following)
struct rb_node *rb_first_postorder(const struct rb_root *root);
struct rb_node *rb_next_postorder(const struct rb_node *node);

#define RB_DECLARE_CALLBACKS(static_, name, type, field, augmented, compute) \\
static_ void name##_propagate(struct rb_node *node, struct rb_node *stop) \\
{ \\
	while (node != stop) { \\
		type *object = rb_entry(node, type, field); \\
		if (compute(object, 1)) \\
			break; \\
		node = rb_parent(&object->field); \\
	} \\
} \\
static_ void name##_copy(struct rb_node *from, struct rb_node *to) \\
{ \\
	rb_entry(to, type, field)->augmented = rb_entry(from, type, field)->augmented; \\
} \\
static_ void name##_rotate(struct rb_node *from, struct rb_node *to) \\
{ \\
	type *below = rb_entry(from, type, field); \\
	type *above = rb_entry(to, type, field); \\
	above->augmented = below->augmented; \\
	compute(below, 0); \\
} \\
static_ const struct rb_augment_callbacks name = { \\
	.propagate = name##_propagate, \\
	.copy = name##_copy, \\
	.rotate = name##_rotate, \\
};
#define RB_DECLARE_CALLBACKS_MAX(static_, name, type, field, value_type, augmented, compute) \\
static inline bool name##_compute_max(type *node, bool exit) \\
{ \\
	value_type largest = compute(node); \\
	if (node->field.rb_left) { \\
		type *left = rb_entry(node->field.rb_left, type, field); \\
		if (left->augmented > largest) \\
			largest = left->augmented; \\
	} \\
	if (node->field.rb_right) { \\
		type *right = rb_entry(node->field.rb_right, type, field); \\
		if (right->augmented > largest) \\
			largest = right->augmented; \\
	} \\
	if (exit && node->augmented == largest) \\
		return true; \\
	node->augmented = largest; \\
	return false; \\
} \\
RB_DECLARE_CALLBACKS(static_, name, type, field, augmented, name##_compute_max)
`;
