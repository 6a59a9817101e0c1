// How p2pctl carries out a row of the command table; the table of these is in commands.hpp.
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

// Answers as text. One command's answers come together on a terminal, and one by one when piped.
using Renderer = std::string (*)(std::span<const proto::Value> answers, const Style& style);

struct Handler {
  std::string_view command;
  Renderer render = nullptr;
  // Does all of it.
  proto::ExitCode (*take_over)(const Globals&, const Screen&) = nullptr;
  // Makes the answer of a command that needs no daemon.
  proto::Value (*local)(const proto::Value& params) = nullptr;
  // Last touches to the requests. Failure when they make no sense together.
  void (*prepare)(std::vector<proto::Value>& requests) = nullptr;
  // Work that p2pctl does itself before the requests go out, which it may change or drop. Exit
  // code: that of the first error that it told of.
  proto::ExitCode (*before)(Invocation&, Client&, const Screen&) = nullptr;
  bool streams = false; // tells of its progress and may take for ever
  // Text: draws each event when it comes. By default events are progress.
  Renderer event = nullptr;
  bool until_closed = false; // done when the daemon has gone
  // Makes the answer where no daemon gives one.
  proto::Value (*unreached)(const proto::ControlError& error) = nullptr;
  // The exit code of an answer that is no error.
  proto::ExitCode (*verdict)(const proto::Value& answer) = nullptr;
  // Told where p2pctl leaves early, from the last event of each request that has not ended.
  Aftermath (*aftermath)(const proto::Value::Array& running) = nullptr;
};

std::span<const Handler> handlers();
const Handler& handler_of(std::string_view command); // there is one for each row of the table

} // namespace p2pd::ctl
