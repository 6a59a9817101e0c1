// How the rows of the command table are spelt on the command line: for help, for errors and for
// the parser. Thread: any; pure.
#pragma once

#include "proto/control/commands.hpp"

namespace p2pd::ctl {

// The options that stand before or behind any command.
std::span<const proto::Parameter> global_options();

std::string placeholder(const proto::Parameter& parameter); // "CONTENT"
std::string spelling(const proto::Parameter& option);       // "-o, --output PATH"
std::string usage_line(const proto::Command& command);      // "p2pctl fetch CONTENT... [-o PATH]"

// What was probably meant: the candidate that begins with `typed` or is a slip or two away; ""
// where none is near.
std::string_view nearest(std::string_view typed, std::span<const std::string_view> candidates);

// The command whose name or alias is nearest; "" where none is near.
std::string_view nearest_command(std::string_view typed);

} // namespace p2pd::ctl
