// SPDX-License-Identifier: GPL-2.0-only
/** What is done to this CPU's element, and what may also be asked for by who knows that he stays on it, or does not care. */
const OPERATIONS = [
  ...['read', 'write', 'add', 'sub', 'inc', 'dec', 'and', 'or', 'add_return', 'sub_return', 'inc_return'],
  ...['dec_return', 'xchg', 'cmpxchg', 'try_cmpxchg'],
];

/** Per-CPU variables: an array with one element for each CPU. */
export const header = (): string => `
#define NR_CPUS CONFIG_NR_CPUS
#define DEFINE_PER_CPU(type, name) typeof(type) name[NR_CPUS]
#define DEFINE_PER_CPU_ALIGNED(type, name) DEFINE_PER_CPU(type, name)
#define DEFINE_PER_CPU_SHARED_ALIGNED(type, name) DEFINE_PER_CPU(type, name)
#define DEFINE_PER_CPU_READ_MOSTLY(type, name) DEFINE_PER_CPU(type, name)
#define DECLARE_PER_CPU(type, name) extern typeof(type) name[NR_CPUS]
int smp_processor_id(void);
#define raw_smp_processor_id() smp_processor_id()
#define __smp_processor_id() smp_processor_id()
#define per_cpu(name, cpu) (name[cpu])
#define per_cpu_ptr(pointer, cpu) (&(*(pointer))[cpu])
#define this_cpu_ptr(pointer) per_cpu_ptr(pointer, smp_processor_id())
#define raw_cpu_ptr(pointer) this_cpu_ptr(pointer)
#define get_cpu_var(name) (*({ preempt_disable(); &name[smp_processor_id()]; }))
#define put_cpu_var(name) preempt_enable()
#define get_cpu_ptr(pointer) ({ preempt_disable(); this_cpu_ptr(pointer); })
#define put_cpu_ptr(pointer) preempt_enable()
#define this_cpu_read(name) (name[smp_processor_id()])
#define this_cpu_write(name, value) (name[smp_processor_id()] = (value))
#define this_cpu_add(name, value) (name[smp_processor_id()] += (value))
#define this_cpu_sub(name, value) (name[smp_processor_id()] -= (value))
#define this_cpu_inc(name) (name[smp_processor_id()]++)
#define this_cpu_dec(name) (name[smp_processor_id()]--)
#define this_cpu_and(name, value) (name[smp_processor_id()] &= (value))
#define this_cpu_or(name, value) (name[smp_processor_id()] |= (value))
#define this_cpu_add_return(name, value) (name[smp_processor_id()] += (value))
#define this_cpu_sub_return(name, value) (name[smp_processor_id()] -= (value))
#define this_cpu_inc_return(name) this_cpu_add_return(name, 1)
#define this_cpu_dec_return(name) this_cpu_sub_return(name, 1)
#define this_cpu_xchg(name, value) xchg(&name[smp_processor_id()], value)
#define this_cpu_cmpxchg(name, old, new) cmpxchg(&name[smp_processor_id()], old, new)
#define this_cpu_try_cmpxchg(name, oldp, new) try_cmpxchg(&name[smp_processor_id()], oldp, new)
${OPERATIONS.map((name) => `#define __this_cpu_${name}(...) this_cpu_${name}(__VA_ARGS__)\n#define raw_cpu_${name}(...) this_cpu_${name}(__VA_ARGS__)\n`).join('')}
void *__alloc_percpu(size_t size, size_t align);
void free_percpu(void *pdata);

struct cpumask { DECLARE_BITMAP(bits, NR_CPUS); };
typedef struct cpumask cpumask_t;
typedef struct cpumask cpumask_var_t[1];
extern struct cpumask __cpu_possible_mask;
#define cpumask_bits(mask) ((mask)->bits)
#define cpu_possible_mask ((const struct cpumask *)&__cpu_possible_mask)
#define cpu_online_mask cpu_possible_mask
#define cpu_present_mask cpu_possible_mask
#define CPU_MASK_NONE (cpumask_t) { { 0 } }
#define nr_cpu_ids ((unsigned int)NR_CPUS)
#define nr_cpumask_bits nr_cpu_ids
#define num_possible_cpus() ((unsigned int)NR_CPUS)
#define num_online_cpus() ((unsigned int)NR_CPUS)
#define num_present_cpus() ((unsigned int)NR_CPUS)
#define cpu_possible(cpu) ((unsigned int)(cpu) < NR_CPUS)
#define cpu_online(cpu) ((unsigned int)(cpu) < NR_CPUS)
#define cpumask_set_cpu(cpu, mask) set_bit(cpu, cpumask_bits(mask))
#define cpumask_clear_cpu(cpu, mask) clear_bit(cpu, cpumask_bits(mask))
#define cpumask_test_cpu(cpu, mask) test_bit(cpu, cpumask_bits(mask))
#define cpumask_clear(mask) bitmap_zero(cpumask_bits(mask), NR_CPUS)
#define cpumask_weight(mask) bitmap_weight(cpumask_bits(mask), NR_CPUS)
#define cpumask_empty(mask) bitmap_empty(cpumask_bits(mask), NR_CPUS)
#define cpumask_first(mask) ((unsigned int)find_first_bit(cpumask_bits(mask), NR_CPUS))
#define cpumask_next(cpu, mask) ((unsigned int)find_next_bit(cpumask_bits(mask), NR_CPUS, (unsigned int)((cpu) + 1)))
#define for_each_cpu(cpu, mask) \\
	for ((cpu) = cpumask_first(mask); (cpu) < NR_CPUS; (cpu) = cpumask_next(cpu, mask))
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < NR_CPUS; (cpu)++)
#define for_each_online_cpu(cpu) for_each_possible_cpu(cpu)
#define for_each_present_cpu(cpu) for_each_possible_cpu(cpu)
`;
