// secret new, help, top, shell and completion: what p2pctl does without a daemon, or by itself.
#pragma once

#include "proto/control/commands/words.hpp"

namespace p2pd::proto::table {

inline constexpr std::array secret_fields{Field{
    .name = "secret", .meaning = "64 hexadecimal digits, the contents of [network] secret_file"}};
inline constexpr Record secret{secret_fields};
inline constexpr std::array secret_examples{
    Example{"p2pctl secret new", "for networks that provision the secret as a file"}};

inline constexpr std::array help_arguments{
    Parameter{.name = "command", .kind = Kind::command, .help = "the command to explain"}};
inline constexpr std::array parameter_fields{
    Field{.name = "name", .meaning = "name of the argument, or of the option without \"--\""},
    Field{.name = "brief", .meaning = "short form of an option, such as \"-o\"; \"\" if none"},
    Field{.name = "value", .meaning = "placeholder for its value in the usage line; \"\" if none"},
    Field{.name = "required", .type = boolean, .meaning = "whether it is required"},
    Field{.name = "several", .type = boolean, .meaning = "whether it can be repeated"},
    Field{.name = "help", .meaning = "what it is"}};
inline constexpr Record parameter{parameter_fields};
inline constexpr std::array example_fields{Field{.name = "line", .meaning = "the command line"},
                                           Field{.name = "says", .meaning = "its purpose"}};
inline constexpr Record example{example_fields};
inline constexpr std::array<std::string_view, 4> runners{"both", "peer", "tracker", "none"};
inline constexpr std::array command_fields{
    Field{.name = "name", .meaning = "name of the command"},
    Field{.name = "alias", .meaning = "alias; \"\" if none"},
    Field{.name = "role",
          .type = word,
          .words = runners,
          .meaning = "role of the daemons that run it"},
    Field{.name = "summary", .meaning = "what it does"},
    Field{.name = "usage", .meaning = "the command line with its arguments and options"},
    Field{.name = "arguments",
          .type = object,
          .list = true,
          .record = &parameter,
          .meaning = "positional arguments in order"},
    Field{.name = "options",
          .type = object,
          .list = true,
          .record = &parameter,
          .meaning = "options of this command"},
    Field{.name = "examples",
          .type = object,
          .list = true,
          .record = &example,
          .meaning = "examples"}};
inline constexpr Record command{command_fields};
inline constexpr std::array help_fields{Field{.name = "commands",
                                              .type = object,
                                              .list = true,
                                              .record = &command,
                                              .only = "if no command is named",
                                              .meaning = "all commands"},
                                        Field{.name = "command",
                                              .type = object,
                                              .record = &command,
                                              .only = "if a command is named",
                                              .meaning = "the named command"}};
inline constexpr Record help_result{help_fields};
inline constexpr std::array help_examples{
    Example{"p2pctl help fetch", "its arguments, options and examples"}};

inline constexpr std::array top_examples{
    Example{"p2pctl top", "press q to quit, s to change the sort order"}};
inline constexpr std::array shell_examples{
    Example{"p2pctl shell", "type ? for the list of commands"},
    Example{"p2pctl shell <script", "run one command per line"}};

inline constexpr std::array<std::string_view, 3> shells{"bash", "zsh", "fish"};
inline constexpr std::array completion_arguments{
    Parameter{.name = "shell", .help = "bash, zsh or fish", .required = true, .choices = shells}};
inline constexpr std::array completion_fields{
    Field{.name = "shell", .type = word, .words = shells, .meaning = "the named shell"},
    Field{.name = "script", .meaning = "completion script"}};
inline constexpr Record completion{completion_fields};
inline constexpr std::array completion_examples{
    Example{"p2pctl completion bash >~/.local/share/bash-completion/completions/p2pctl",
            "install completion for one user"}};

inline constexpr std::array local_commands{
    Command{.name = "secret new",
            .runs = without_daemon,
            .summary = "print a new network secret",
            .examples = secret_examples,
            .access = Access::read,
            .result = &secret},
    Command{.name = "help",
            .runs = without_daemon,
            .summary = "explain a command, or list all commands",
            .arguments = help_arguments,
            .examples = help_examples,
            .access = Access::read,
            .result = &help_result},
    Command{.name = "top",
            .runs = without_daemon,
            .summary = "show transfers, peers and rates, live on the whole screen",
            .examples = top_examples,
            .access = Access::read},
    Command{.name = "shell",
            .runs = without_daemon,
            .summary = "run commands at a prompt, with history and completion",
            .examples = shell_examples,
            .access = Access::read},
    Command{.name = "completion",
            .runs = without_daemon,
            .summary = "print the completion script for a shell",
            .arguments = completion_arguments,
            .examples = completion_examples,
            .access = Access::read,
            .result = &completion}};

} // namespace p2pd::proto::table
