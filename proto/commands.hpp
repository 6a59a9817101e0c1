// The command table: every command of p2pctl with its arguments, options and help, but without
// handlers. p2pctl's parser and help, the control server's check of what it is sent and the
// man-page test all read it. A new command is a row here, a handler in daemon/control (or in ctl/
// where it needs no daemon), a section in p2pctl(1) and a renderer in ctl/. Thread: any; constant
// data.
#pragma once

#include "proto/value.hpp"

#include <optional>
#include <span>

namespace p2pd::proto {

// Which daemon runs it; without_daemon: none, p2pctl does all of it.
enum class Runs : std::uint8_t { on_both, on_peer, on_tracker, without_daemon };
// What a client of the control socket may do: each allows what stands before it, too.
enum class Access : std::uint8_t { none, read, control };
enum class Kind : std::uint8_t {
  flag,
  text,
  path,
  content,
  peer,
  transfer,
  size,
  rate,
  duration,
  count,
  command
};

struct Parameter {
  std::string_view name; // the key in params; an option is typed "--name"
  Kind kind = Kind::text;
  std::string_view help;
  bool required = false;
  bool each = false;           // several may be typed: p2pctl sends one request for each
  bool list = false;           // several may be typed: the param is a list of them
  std::string_view brief = {}; // "-o", or nothing
  std::string_view value = {}; // "GLOB": what help calls its value; "" = by its kind or name
  std::span<const std::string_view> choices = {}; // what can stand there, for completion; or any
};

struct Example {
  std::string_view line;
  std::string_view says;
};

struct Command {
  std::string_view name; // of one or two words
  std::string_view alias = {};
  Runs runs;
  std::string_view summary;
  std::span<const Parameter> arguments = {};
  std::span<const Parameter> options = {};
  std::span<const Example> examples = {};
  Access access = Access::control; // what it takes: whatever changes nothing is `read`
};

std::span<const Command> commands();
const Command* find_command(std::string_view name); // by name or alias; null where there is none

// What is wrong with these params for this command, in a few words; nothing when they fit.
std::optional<std::string> misfit(const Command& command, const Value& params);

} // namespace p2pd::proto
