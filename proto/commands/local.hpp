// secret new, help, top, shell and completion: what p2pctl does without a daemon, or by itself.
#pragma once

#include "proto/commands/words.hpp"

namespace p2pd::proto::table {

inline constexpr std::array secret_fields{
    Field{.name = "secret", .meaning = "64 hexadecimal digits, what [network] secret_file holds"}};
inline constexpr Record secret{secret_fields};
inline constexpr std::array secret_examples{
    Example{"p2pctl secret new", "for networks whose secret is provisioned as a file"}};

inline constexpr std::array help_arguments{
    Parameter{.name = "command", .kind = Kind::command, .help = "the command to explain"}};
inline constexpr std::array parameter_fields{
    Field{.name = "name", .meaning = "of the argument, or of the option without \"--\""},
    Field{.name = "brief", .meaning = "the short form of an option, such as \"-o\"; or \"\""},
    Field{.name = "value", .meaning = "what stands for its value in the usage line; or \"\""},
    Field{.name = "required", .type = boolean, .meaning = "whether it has to be given"},
    Field{.name = "several", .type = boolean, .meaning = "whether several may be given"},
    Field{.name = "help", .meaning = "what it is"}};
inline constexpr Record parameter{parameter_fields};
inline constexpr std::array example_fields{Field{.name = "line", .meaning = "the command line"},
                                           Field{.name = "says", .meaning = "what it is for"}};
inline constexpr Record example{example_fields};
inline constexpr std::array<std::string_view, 4> runners{"both", "peer", "tracker", "none"};
inline constexpr std::array command_fields{
    Field{.name = "name", .meaning = "of the command"},
    Field{.name = "alias", .meaning = "its other name; or \"\""},
    Field{.name = "role", .type = word, .words = runners, .meaning = "which daemon runs it"},
    Field{.name = "summary", .meaning = "what it does"},
    Field{.name = "usage", .meaning = "the command line with its arguments and options"},
    Field{.name = "arguments",
          .type = object,
          .list = true,
          .record = &parameter,
          .meaning = "in their order"},
    Field{.name = "options",
          .type = object,
          .list = true,
          .record = &parameter,
          .meaning = "those of this command"},
    Field{.name = "examples",
          .type = object,
          .list = true,
          .record = &example,
          .meaning = "of its use"}};
inline constexpr Record command{command_fields};
inline constexpr std::array help_fields{Field{.name = "commands",
                                              .type = object,
                                              .list = true,
                                              .record = &command,
                                              .only = "where no command is named",
                                              .meaning = "all of them"},
                                        Field{.name = "command",
                                              .type = object,
                                              .record = &command,
                                              .only = "where a command is named",
                                              .meaning = "the one that is explained"}};
inline constexpr Record help_result{help_fields};
inline constexpr std::array help_examples{
    Example{"p2pctl help fetch", "its arguments and options, with examples"}};

inline constexpr std::array top_examples{
    Example{"p2pctl top", "q leaves, s sorts in another order"}};
inline constexpr std::array shell_examples{
    Example{"p2pctl shell", "and ? there lists the commands"},
    Example{"p2pctl shell <script", "one command a line"}};

inline constexpr std::array<std::string_view, 3> shells{"bash", "zsh", "fish"};
inline constexpr std::array completion_arguments{
    Parameter{.name = "shell", .help = "bash, zsh or fish", .required = true, .choices = shells}};
inline constexpr std::array completion_fields{
    Field{.name = "shell", .type = word, .words = shells, .meaning = "the one that was named"},
    Field{.name = "script", .meaning = "what makes it complete p2pctl's lines"}};
inline constexpr Record completion{completion_fields};
inline constexpr std::array completion_examples{
    Example{"p2pctl completion bash >~/.local/share/bash-completion/completions/p2pctl",
            "where it was not installed with p2pctl"}};

inline constexpr std::array local_commands{
    Command{.name = "secret new",
            .runs = without_daemon,
            .summary = "print a fresh network secret",
            .examples = secret_examples,
            .access = Access::read,
            .result = &secret},
    Command{.name = "help",
            .runs = without_daemon,
            .summary = "explain a command, or list them all",
            .arguments = help_arguments,
            .examples = help_examples,
            .access = Access::read,
            .result = &help_result},
    Command{.name = "top",
            .runs = without_daemon,
            .summary = "transfers, peers and rates, live on the whole screen",
            .examples = top_examples,
            .access = Access::read},
    Command{.name = "shell",
            .runs = without_daemon,
            .summary = "the same commands at a prompt, with history and completion",
            .examples = shell_examples,
            .access = Access::read},
    Command{.name = "completion",
            .runs = without_daemon,
            .summary = "print the script that completes p2pctl's lines in a shell",
            .arguments = completion_arguments,
            .examples = completion_examples,
            .access = Access::read,
            .result = &completion}};

} // namespace p2pd::proto::table
