// SPDX-License-Identifier: GPL-2.0-only

/**
 * What is told to who asks to hear of CPUs that come and go, of suspends and of reboots. All CPUs are there from the start: each is set up
 * when somebody asks for it, and none goes. The kernel is never suspended and never ends.
 */
export const header = (): string => `
enum cpuhp_state { CPUHP_INVALID = -1, CPUHP_OFFLINE = 0, CPUHP_BP_PREPARE_DYN = 100, CPUHP_AP_ONLINE_DYN = 200, CPUHP_ONLINE = 300 };
static inline int __cpuhp_setup_state(enum cpuhp_state state, const char *name, bool invoke,
				      int (*startup)(unsigned int cpu), int (*teardown)(unsigned int cpu), bool multi)
{
	for (unsigned int cpu = 0; invoke && startup && cpu < NR_CPUS; cpu++) {
		int error = startup(cpu);

		if (error)
			return error;
	}
	return state == CPUHP_BP_PREPARE_DYN || state == CPUHP_AP_ONLINE_DYN ? (int)state : 0;
}
#define cpuhp_setup_state(state, name, startup, teardown) __cpuhp_setup_state(state, name, true, startup, teardown, false)
#define cpuhp_setup_state_nocalls(state, name, startup, teardown) \\
	__cpuhp_setup_state(state, name, false, startup, teardown, false)
#define cpuhp_setup_state_cpuslocked(...) cpuhp_setup_state(__VA_ARGS__)
#define cpuhp_setup_state_nocalls_cpuslocked(...) cpuhp_setup_state_nocalls(__VA_ARGS__)
#define cpuhp_remove_state(state) ((void)(state))
#define cpuhp_remove_state_nocalls(state) ((void)(state))
#define cpus_read_lock() do { } while (0)
#define cpus_read_unlock() do { } while (0)
#define register_pm_notifier(nb) ((void)(nb), 0)
#define unregister_pm_notifier(nb) ((void)(nb), 0)
#define register_reboot_notifier(nb) ((void)(nb), 0)
#define register_oom_notifier(nb) ((void)(nb), 0)
#define register_syscore_ops(ops) ((void)(ops))
`;
