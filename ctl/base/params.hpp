// From words as they were typed to the params of requests. Thread: any; reads the working folder.
// Errors: Failure with ExitCode::usage.
#pragma once

#include "proto/control/commands.hpp"

#include <string>
#include <vector>

namespace p2pd::ctl {

// An option and the values it was given, in the order typed; a flag has none.
struct Typed {
  const proto::Parameter* option;
  std::vector<std::string> values;
};

// The path from the root, against the working folder; "." and ".." are resolved by their spelling
// and no link is followed. A "/" at the end stays: it says "a folder".
std::string absolute_path(std::string_view path);

// The params of each request that the command needs: one, or one for each value of an argument
// that is marked `each`.
std::vector<proto::Value> make_requests(const proto::Command& command,
                                        const std::vector<std::string>& words,
                                        const std::vector<Typed>& options);

} // namespace p2pd::ctl
