// doctor, reload, log-level and shutdown: how the daemon runs.
#pragma once

#include "proto/control/commands/words.hpp"

namespace p2pd::proto::table {

inline constexpr std::array<std::string_view, 3> check_states{"ok", "warn", "fail"};
inline constexpr std::array check_fields{
    Field{
        .name = "name",
        .meaning =
            "one of the following; some occur several times, and later versions may add others: "
            "\"socket\", \"config\", \"state\", \"secret\", \"space\", \"share\", "
            "\"download_dir\", \"writable\", \"fetched\" (users who may fetch cannot read the "
            "result), \"descriptors\", \"memory\", \"clock\", \"ports\", \"tracker\", \"dns\" (a "
            "tracker's name does not resolve), \"identity\" (two machines use the same one), "
            "\"files\" (some cannot be read at the moment), \"auto_fetch\" (globs without a "
            "publisher, and names that others claim as well), \"peers\", \"connections\", \"mtu\""},
    Field{.name = "state", .type = word, .words = check_states, .meaning = "severity"},
    Field{.name = "finding", .meaning = "what was found"},
    Field{.name = "remedy", .meaning = "what to do about it; \"\" if nothing"}};
inline constexpr Record check{check_fields};
inline constexpr std::array doctor_fields{Field{.name = "checks",
                                                .type = object,
                                                .list = true,
                                                .record = &check,
                                                .meaning = "results of the checks"}};
inline constexpr Record doctor_result{doctor_fields};
inline constexpr std::array doctor_examples{
    Example{"p2pctl doctor", "find out why something does not work"}};

inline constexpr std::array reloaded_fields{
    Field{.name = "applied",
          .list = true,
          .meaning = "changed keys that are now in force, as \"section.key\"; a secret file with a "
                     "new secret counts as changed"},
    Field{.name = "restart", .list = true, .meaning = "changed keys that need a restart"}};
inline constexpr Record reloaded{reloaded_fields};
inline constexpr std::array reload_examples{
    Example{"p2pctl reload", "apply an edited configuration"}};

inline constexpr std::array<std::string_view, 4> levels{"error", "warn", "info", "debug"};
inline constexpr std::array level_arguments{Parameter{
    .name = "level", .help = "error, warn, info or debug", .required = true, .choices = levels}};
inline constexpr std::array level_fields{
    Field{.name = "level", .type = word, .words = levels, .meaning = "level in force"}};
inline constexpr Record level{level_fields};
inline constexpr std::array level_examples{
    Example{"p2pctl log-level debug", "log everything for a while"}};

inline constexpr Record nothing{};
inline constexpr std::array shutdown_examples{
    Example{"p2pctl shutdown", "stop it; fetches continue at the next start"}};

inline constexpr std::array operation_commands{
    Command{.name = "doctor",
            .runs = on_both,
            .summary = "find problems, and say what to do about them",
            .examples = doctor_examples,
            .access = Access::read,
            .result = &doctor_result},
    Command{.name = "reload",
            .runs = on_both,
            .summary = "read the configuration again and apply changes",
            .examples = reload_examples,
            .result = &reloaded},
    Command{.name = "log-level",
            .runs = on_both,
            .summary = "set the log level, until a restart or reload",
            .arguments = level_arguments,
            .examples = level_examples,
            .result = &level},
    Command{.name = "shutdown",
            .runs = on_both,
            .summary = "stop the daemon cleanly",
            .examples = shutdown_examples,
            .result = &nothing}};

} // namespace p2pd::proto::table
