// The command table: every command of p2pctl with its arguments, options, help, and what it
// answers, but without handlers. p2pctl's parser, completion and help, the control server's check
// of what it is sent, the manual page and the tests all read it. The rows stand in
// proto/control/commands/, by topic. Thread: any; constant data.
#pragma once

#include "proto/control/shape.hpp"

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
  // What each request is answered with, and what may come before that, any number of times. Null:
  // nothing. A command with neither is for people and has no --json.
  const Record* result = nullptr;
  const Record* event = nullptr;
  // The list of the result that may be too long for one message. Events hold the first rows then,
  // under the same key, and the answer the last.
  std::string_view in_parts = {};
  // In --json: the key of one list with all the results; "": each result is an object of its own.
  std::string_view together = {};
  bool json_events = false; // in --json: each event is an object like the last
};

std::span<const Command> commands();
const Command* find_command(std::string_view name); // by name or alias; null where there is none

// What is wrong with these params for this command, in a few words; nothing when they fit.
std::optional<std::string> misfit(const Command& command, const Value& params);

} // namespace p2pd::proto
