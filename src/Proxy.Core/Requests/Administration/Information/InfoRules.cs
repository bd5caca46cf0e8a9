using System.Collections.Frozen;

namespace Proxy.Core.Requests.Administration.Information;

/// <summary>Which <see cref="InfoRule"/> a field has, where it is another than <see cref="InfoRule.Sum"/>.</summary>
internal static class InfoRules
{
    private static readonly FrozenDictionary<string, InfoRule> Rules = Table().ToFrozenDictionary(row => row.Name, row => row.Rule, StringComparer.Ordinal);

    /// <summary>The rule of a field.</summary>
    public static InfoRule Of(string field) => Rules.GetValueOrDefault(field, InfoRule.Sum);

    private static IEnumerable<(string Name, InfoRule Rule)> Table() =>
    [
        ("redis_version", InfoRule.LowestVersion),
        ("maxmemory", InfoRule.Limit),
        ("maxmemory_policy", InfoRule.WorstPolicy),
        .. With(InfoRule.AllOk, "rdb_last_bgsave_status", "aof_last_bgrewrite_status", "aof_last_write_status"),

        // What is the same everywhere, or means one process only.
        .. With(
            InfoRule.First,
            "redis_git_sha1", "redis_git_dirty", "redis_build_id", "arch_bits", "hz", "configured_hz", "tcp_port", "process_id", "master_replid", "master_replid2"),

        // A server that began last, saves least often or has the fewest places is the one to look at.
        .. With(InfoRule.Least, "uptime_in_seconds", "uptime_in_days", "rdb_last_save_time", "aof_enabled", "maxclients", "second_repl_offset"),

        // Whether any does it; how long it takes the slowest; what each of them has of the same.
        .. With(
            InfoRule.Greatest,
            "server_time_usec", "lru_clock", "io_threads_active", "client_recent_max_input_buffer", "client_recent_max_output_buffer", "tracking_clients",
            "tracking_total_prefixes",
            "number_of_cached_scripts", "number_of_functions", "number_of_libraries", "active_defrag_running", "loading", "async_loading",
            "loading_start_time", "loading_eta_seconds", "loading_loaded_perc", "current_cow_peak", "current_cow_size", "current_cow_size_age",
            "current_fork_perc", "rdb_bgsave_in_progress", "rdb_last_bgsave_time_sec", "rdb_current_bgsave_time_sec", "rdb_last_cow_size",
            "aof_rewrite_in_progress", "aof_rewrite_scheduled", "aof_last_rewrite_time_sec", "aof_current_rewrite_time_sec",
            "aof_rewrites_consecutive_failures", "aof_last_cow_size", "module_fork_in_progress", "module_fork_last_cow_size", "expired_stale_perc",
            "pubsub_patterns", "latest_fork_usec", "current_eviction_exceeded_time", "current_active_defrag_time", "cluster_enabled",
            "master_repl_offset", "repl_backlog_active", "repl_backlog_size", "repl_backlog_first_byte_offset", "repl_backlog_histlen"),
    ];

    private static IEnumerable<(string Name, InfoRule Rule)> With(InfoRule rule, params string[] names) => names.Select(name => (name, rule));
}
