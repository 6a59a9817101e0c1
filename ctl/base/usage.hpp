// How the rows of the command table look on the command line: for help, errors and the parser.
// Thread: any; pure.
#pragma once

#include "proto/control/commands.hpp"

namespace p2pd::ctl {

// The options that may come before or after any command.
std::span<const proto::Parameter> global_options();

std::string placeholder(const proto::Parameter& parameter); // "CONTENT"
std::string spelling(const proto::Parameter& option);       // "-o, --output PATH"
std::string usage_line(const proto::Command& command);      // "p2pctl fetch CONTENT... [-o PATH]"

// What was probably meant: the candidate that begins with `typed` or is one or two typos away; "":
// none.
std::string_view nearest(std::string_view typed, std::span<const std::string_view> candidates);

// The command with the nearest name or alias; "": none.
std::string_view nearest_command(std::string_view typed);

} // namespace p2pd::ctl
