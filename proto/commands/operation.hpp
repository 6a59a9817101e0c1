// doctor, reload, log-level and shutdown: how the daemon runs.
#pragma once

#include "proto/commands/words.hpp"

namespace p2pd::proto::table {

inline constexpr std::array<std::string_view, 3> check_states{"ok", "warn", "fail"};
inline constexpr std::array check_fields{
    Field{.name = "name",
          .meaning =
              "one of these, or another in a later version; some come several times: \"socket\", "
              "\"config\", \"state\", \"secret\", \"space\", \"share\", \"download_dir\", "
              "\"writable\", \"fetched\" (who may fetch cannot read that), \"descriptors\", "
              "\"memory\", \"clock\", \"ports\", \"tracker\", \"dns\" (a tracker's name does not "
              "resolve), \"identity\" (two machines use the same), \"files\" (some cannot be read "
              "for now), \"auto_fetch\" (globs without a publisher, and names that others claim "
              "as well), \"peers\", \"connections\", \"mtu\""},
    Field{.name = "state", .type = word, .words = check_states, .meaning = "how grave it is"},
    Field{.name = "finding", .meaning = "what was found"},
    Field{.name = "remedy", .meaning = "what to do about it; or \"\""}};
inline constexpr Record check{check_fields};
inline constexpr std::array doctor_fields{Field{.name = "checks",
                                                .type = object,
                                                .list = true,
                                                .record = &check,
                                                .meaning = "what was looked at"}};
inline constexpr Record doctor_result{doctor_fields};
inline constexpr std::array doctor_examples{Example{"p2pctl doctor", "why does it not work?"}};

inline constexpr std::array reloaded_fields{
    Field{.name = "applied",
          .list = true,
          .meaning = "the changed keys that are in force now, as \"section.key\"; a secret file "
                     "with another secret counts as changed"},
    Field{.name = "restart", .list = true, .meaning = "those that need a restart"}};
inline constexpr Record reloaded{reloaded_fields};
inline constexpr std::array reload_examples{
    Example{"p2pctl reload", "put an edited config in force"}};

inline constexpr std::array<std::string_view, 4> levels{"error", "warn", "info", "debug"};
inline constexpr std::array level_arguments{Parameter{
    .name = "level", .help = "error, warn, info or debug", .required = true, .choices = levels}};
inline constexpr std::array level_fields{
    Field{.name = "level", .type = word, .words = levels, .meaning = "the one in force"}};
inline constexpr Record level{level_fields};
inline constexpr std::array level_examples{
    Example{"p2pctl log-level debug", "look closely for a while"}};

inline constexpr Record nothing{};
inline constexpr std::array shutdown_examples{
    Example{"p2pctl shutdown", "its fetches go on when it is started again"}};

inline constexpr std::array operation_commands{
    Command{.name = "doctor",
            .runs = on_both,
            .summary = "look for what is wrong, and say what to do about it",
            .examples = doctor_examples,
            .access = Access::read,
            .result = &doctor_result},
    Command{.name = "reload",
            .runs = on_both,
            .summary = "read the config again, and put in force what changed",
            .examples = reload_examples,
            .result = &reloaded},
    Command{.name = "log-level",
            .runs = on_both,
            .summary = "set how much the log says, until a restart or reload",
            .arguments = level_arguments,
            .examples = level_examples,
            .result = &level},
    Command{.name = "shutdown",
            .runs = on_both,
            .summary = "stop the daemon cleanly",
            .examples = shutdown_examples,
            .result = &nothing}};

} // namespace p2pd::proto::table
