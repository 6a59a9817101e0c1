// The command line: global options, one command of the command table, its arguments and options.
// Global options come before or after the command; "--" ends the options.
// Thread: any; reads the working directory. Errors: Failure with ExitCode::usage.
#pragma once

#include "proto/control/commands.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace p2pd::ctl {

struct Globals {
  std::string socket;   // "": not given
  std::string instance; // "": not given
  bool json = false;
  bool no_color = false;
  bool help = false;
  bool version = false;
  // Nothing: depends on the command; zero: unlimited.
  std::optional<std::chrono::milliseconds> timeout;
};

// `given`, with `otherwise` for what was not given. The daemon is taken from one of them as a
// whole.
Globals with_defaults(Globals typed, const Globals& otherwise);

struct Invocation {
  Globals globals;
  const proto::Command* command = nullptr; // null: none was given, or only --version
  std::vector<proto::Value> requests;      // the parameters of each
  std::vector<std::string> labels;         // the subject of each request, as typed; "": none
};

// The first half of parsing, which finds the command, so that errors of the second half can name
// it.
struct CommandLine {
  Globals globals;
  const proto::Command* command = nullptr;
  std::vector<std::string> rest; // after the command
};

CommandLine find_command_on(const std::vector<std::string>& arguments);
Invocation parse(CommandLine line);

// Whether a line, even a malformed one, contains --json: errors are then JSON, too.
bool asks_for_json(const std::vector<std::string>& arguments);

} // namespace p2pd::ctl
