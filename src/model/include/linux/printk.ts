// SPDX-License-Identifier: GPL-2.0-only
/** Messages: kept out of the trace; arguments are still evaluated. */
export const header = (): string => `
#define KERN_EMERG ""
#define KERN_ALERT ""
#define KERN_CRIT ""
#define KERN_ERR ""
#define KERN_WARNING ""
#define KERN_NOTICE ""
#define KERN_INFO ""
#define KERN_DEBUG ""
#define KERN_CONT ""
#define KERN_DEFAULT ""
#define pr_fmt(format) format
#define printk(...) _printk(__VA_ARGS__)
#define printk_once(...) _printk(__VA_ARGS__)
#define printk_deferred(...) _printk(__VA_ARGS__)
#define pr_emerg(...) _printk(__VA_ARGS__)
#define pr_alert(...) _printk(__VA_ARGS__)
#define pr_crit(...) _printk(__VA_ARGS__)
#define pr_err(...) _printk(__VA_ARGS__)
#define pr_warn(...) _printk(__VA_ARGS__)
#define pr_notice(...) _printk(__VA_ARGS__)
#define pr_info(...) _printk(__VA_ARGS__)
#define pr_cont(...) _printk(__VA_ARGS__)
#define pr_debug(...) _printk(__VA_ARGS__)
#define pr_devel(...) _printk(__VA_ARGS__)
#define pr_err_once(...) _printk(__VA_ARGS__)
#define pr_warn_once(...) _printk(__VA_ARGS__)
#define pr_info_once(...) _printk(__VA_ARGS__)
#define pr_err_ratelimited(...) _printk(__VA_ARGS__)
#define pr_warn_ratelimited(...) _printk(__VA_ARGS__)
#define pr_info_ratelimited(...) _printk(__VA_ARGS__)
#define printk_ratelimit() 0
`;
