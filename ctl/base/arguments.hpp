// The command line: global options, one command of the command table, its arguments and options.
// Global options stand before or behind the command; "--" ends the options.
// Thread: any; reads the working folder. Errors: Failure with ExitCode::usage.
#pragma once

#include "proto/control/commands.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace p2pd::ctl {

struct Globals {
  std::string socket;   // "" = not named
  std::string instance; // "" = not named
  bool json = false;
  bool no_color = false;
  bool help = false;
  bool version = false;
  // Nothing: as long as suits the command; zero: for ever.
  std::optional<std::chrono::milliseconds> timeout;
};

// What was typed; where it does not say, `otherwise`. Either names the daemon as a whole.
Globals with_defaults(Globals typed, const Globals& otherwise);

struct Invocation {
  Globals globals;
  const proto::Command* command = nullptr; // null: none was typed, or only the version is asked for
  std::vector<proto::Value> requests;      // the params of each
  std::vector<std::string> labels;         // what each request is about, as typed; "" = nothing
};

// The first half of the work, which finds the command; the second half can fail in its name.
struct CommandLine {
  Globals globals;
  const proto::Command* command = nullptr;
  std::vector<std::string> rest; // behind the command
};

CommandLine find_command_on(const std::vector<std::string>& arguments);
Invocation parse(CommandLine line);

// Whether --json stands on a line, which may be malformed: errors are then JSON too.
bool asks_for_json(const std::vector<std::string>& arguments);

} // namespace p2pd::ctl
