// How p2pctl executes a row of the command table; the table of these is in commands.hpp.
// Thread: any; constant data.
#pragma once

#include "ctl/base/aftermath.hpp"
#include "ctl/render/style.hpp"
#include "proto/control/control_messages.hpp"

#include <span>
#include <string>
#include <vector>

namespace p2pd::ctl {

class Client;
class Screen;
struct Globals;
struct Invocation;

// Answers as text. Those of one command are drawn together on a terminal, and one by one in a pipe.
using Renderer = std::string (*)(std::span<const proto::Value> answers, const Style& style);

struct Handler {
  std::string_view command;
  Renderer render = nullptr;
  // Executes the whole command.
  proto::ExitCode (*take_over)(const Globals&, const Screen&) = nullptr;
  // Makes the answer of a command that needs no daemon.
  proto::Value (*local)(const proto::Value& params) = nullptr;
  // Adjusts the requests. Failure if they contradict each other.
  void (*prepare)(std::vector<proto::Value>& requests) = nullptr;
  // Local work before the requests are sent, which it may change or drop. Exit code: that of the
  // first error that it reported.
  proto::ExitCode (*before)(Invocation&, Client&, const Screen&) = nullptr;
  bool streams = false; // reports progress and may run without limit
  // Draws each event as text when it arrives. By default events are progress.
  Renderer event = nullptr;
  bool until_closed = false; // done when the daemon has ended
  // Makes the answer if no daemon can be reached.
  proto::Value (*unreached)(const proto::ControlError& error) = nullptr;
  // The exit code of a successful answer.
  proto::ExitCode (*verdict)(const proto::Value& answer) = nullptr;
  // Printed if p2pctl leaves early, from the last event of each unfinished request.
  Aftermath (*aftermath)(const proto::Value::Array& running) = nullptr;
};

std::span<const Handler> handlers();
const Handler& handler_of(std::string_view command); // every row of the table has one

} // namespace p2pd::ctl
