// The command table: every command of p2pctl with its arguments, options, help and the shape of its
// answer, but without handlers. p2pctl's parser, completion and help, the control server's check of
// parameters, the manual page and the tests all read it. The rows are in proto/control/commands/,
// by topic. Thread: any; constant data.
#pragma once

#include "proto/control/shape.hpp"

namespace p2pd::proto {

// Which daemon runs it; without_daemon: p2pctl alone.
enum class Runs : std::uint8_t { on_both, on_peer, on_tracker, without_daemon };
// What a client of the control socket may do; each level includes the previous ones.
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
  bool each = false;           // may be repeated: p2pctl sends one request for each
  bool list = false;           // may be repeated: the parameter is a list
  std::string_view brief = {}; // "-o"; "": none
  std::string_view value = {}; // "GLOB": its value in help; "": by its kind or name
  std::span<const std::string_view> choices =
      {}; // its possible values, if they are few: for completion
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
  Access access = Access::control; // required of the caller: `read` for what changes nothing
  // The answer to each request, and the events that may precede it. Null: none. A command with
  // neither is interactive and has no --json.
  const Record* result = nullptr;
  const Record* event = nullptr;
  // The list of the result that may be too long for one message. Then events contain the first rows
  // under the same key, and the answer the last ones.
  std::string_view in_parts = {};
  // In --json: the key of one list of all results; "": one object per result.
  std::string_view together = {};
  bool json_events = false; // in --json: each event is an object, like the result
};

std::span<const Command> commands();
const Command* find_command(std::string_view name); // by name or alias; null: none

// What is wrong with these parameters, in a few words; nothing: they fit.
std::optional<std::string> misfit(const Command& command, const Value& params);

} // namespace p2pd::proto
