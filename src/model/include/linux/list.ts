// SPDX-License-Identifier: GPL-2.0-only
/** Doubly linked lists, hash lists and lock-less lists. */
export const header = (): string => `
#define LIST_POISON1 ((void *)0x100)
#define LIST_POISON2 ((void *)0x122)
#define LIST_HEAD_INIT(name) { &(name), &(name) }
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)
#define HLIST_HEAD_INIT { NULL }
#define HLIST_HEAD(name) struct hlist_head name = { NULL }
#define INIT_HLIST_HEAD(head) ((head)->first = NULL)
void INIT_LIST_HEAD(struct list_head *list);
void list_add(struct list_head *new, struct list_head *head);
void list_add_tail(struct list_head *new, struct list_head *head);
void list_del(struct list_head *entry);
void list_del_init(struct list_head *entry);
void list_move(struct list_head *list, struct list_head *head);
void list_move_tail(struct list_head *list, struct list_head *head);
void list_replace(struct list_head *old, struct list_head *new);
void list_replace_init(struct list_head *old, struct list_head *new);
int list_empty(const struct list_head *head);
int list_empty_careful(const struct list_head *head);
int list_is_first(const struct list_head *list, const struct list_head *head);
int list_is_last(const struct list_head *list, const struct list_head *head);
int list_is_head(const struct list_head *list, const struct list_head *head);
int list_is_singular(const struct list_head *head);
void list_splice(const struct list_head *list, struct list_head *head);
void list_splice_tail(struct list_head *list, struct list_head *head);
void list_splice_init(struct list_head *list, struct list_head *head);
void list_splice_tail_init(struct list_head *list, struct list_head *head);
void list_cut_position(struct list_head *list, struct list_head *head, struct list_head *entry);
#define list_add_rcu(new, head) list_add(new, head)
#define list_add_tail_rcu(new, head) list_add_tail(new, head)
static inline void list_del_rcu(struct list_head *entry)
{
	/* Who walks the list stands here and must find the way on. */
	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
	entry->prev = LIST_POISON2;
}
#define list_entry(pointer, type, member) container_of(pointer, type, member)
#define list_first_entry(head, type, member) list_entry((head)->next, type, member)
#define list_last_entry(head, type, member) list_entry((head)->prev, type, member)
#define list_first_entry_or_null(head, type, member) \\
	(list_empty(head) ? NULL : list_first_entry(head, type, member))
#define list_next_entry(position, member) list_entry((position)->member.next, typeof(*(position)), member)
#define list_prev_entry(position, member) list_entry((position)->member.prev, typeof(*(position)), member)
#define list_entry_is_head(position, head, member) (&(position)->member == (head))
#define list_for_each(position, head) \\
	for (position = (head)->next; position != (head); position = position->next)
#define list_for_each_prev(position, head) \\
	for (position = (head)->prev; position != (head); position = position->prev)
#define list_for_each_safe(position, following, head) \\
	for (position = (head)->next, following = position->next; position != (head); \\
	     position = following, following = position->next)
#define list_for_each_entry(position, head, member) \\
	for (position = list_first_entry(head, typeof(*position), member); \\
	     !list_entry_is_head(position, head, member); position = list_next_entry(position, member))
#define list_for_each_entry_reverse(position, head, member) \\
	for (position = list_last_entry(head, typeof(*position), member); \\
	     !list_entry_is_head(position, head, member); position = list_prev_entry(position, member))
#define list_for_each_entry_continue(position, head, member) \\
	for (position = list_next_entry(position, member); \\
	     !list_entry_is_head(position, head, member); position = list_next_entry(position, member))
#define list_for_each_entry_from(position, head, member) \\
	for (; !list_entry_is_head(position, head, member); position = list_next_entry(position, member))
#define list_for_each_entry_from_reverse(position, head, member) \\
	for (; !list_entry_is_head(position, head, member); position = list_prev_entry(position, member))
#define list_for_each_entry_continue_reverse(position, head, member) \\
	for (position = list_prev_entry(position, member); \\
	     !list_entry_is_head(position, head, member); position = list_prev_entry(position, member))
#define list_for_each_entry_safe(position, following, head, member) \\
	for (position = list_first_entry(head, typeof(*position), member), \\
	     following = list_next_entry(position, member); !list_entry_is_head(position, head, member); \\
	     position = following, following = list_next_entry(following, member))
#define list_for_each_entry_safe_reverse(position, following, head, member) \\
	for (position = list_last_entry(head, typeof(*position), member), \\
	     following = list_prev_entry(position, member); !list_entry_is_head(position, head, member); \\
	     position = following, following = list_prev_entry(following, member))
#define list_for_each_entry_rcu(position, head, member, ...) list_for_each_entry(position, head, member)
#define hlist_entry(pointer, type, member) container_of(pointer, type, member)
#define hlist_entry_safe(pointer, type, member) \\
	({ typeof(pointer) __node = (pointer); __node ? hlist_entry(__node, type, member) : NULL; })
#define hlist_for_each_entry(position, head, member) \\
	for (position = hlist_entry_safe((head)->first, typeof(*(position)), member); position; \\
	     position = hlist_entry_safe((position)->member.next, typeof(*(position)), member))
void hlist_add_head(struct hlist_node *n, struct hlist_head *h);
void hlist_del(struct hlist_node *n);
int hlist_empty(const struct hlist_head *h);

struct llist_head { struct llist_node *first; };
struct llist_node { struct llist_node *next; };
#define LLIST_HEAD_INIT(name) { NULL }
#define LLIST_HEAD(name) struct llist_head name = { NULL }
void init_llist_head(struct llist_head *list);
bool llist_empty(const struct llist_head *head);
bool llist_add(struct llist_node *new, struct llist_head *head);
bool llist_add_batch(struct llist_node *first, struct llist_node *last, struct llist_head *head);
struct llist_node *llist_del_all(struct llist_head *head);
struct llist_node *llist_del_first(struct llist_head *head);
struct llist_node *llist_reverse_order(struct llist_node *head);
#define llist_entry(pointer, type, member) container_of(pointer, type, member)
#define llist_for_each(position, node) for ((position) = (node); position; (position) = (position)->next)
#define llist_for_each_entry(position, node, member) \\
	for ((position) = llist_entry(node, typeof(*(position)), member); &(position)->member != NULL; \\
	     (position) = llist_entry((position)->member.next, typeof(*(position)), member))
#define llist_for_each_entry_safe(position, following, node, member) \\
	for ((position) = llist_entry(node, typeof(*(position)), member); &(position)->member != NULL && \\
	     ((following) = llist_entry((position)->member.next, typeof(*(following)), member), 1); \\
	     (position) = (following))
#define llist_for_each_safe(position, following, node) \\
	for ((position) = (node); (position) && ((following) = (position)->next, 1); (position) = (following))
`;
