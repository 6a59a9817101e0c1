// Converts typed words to the parameters of requests. Thread: any; reads the working directory.
// Errors: Failure with ExitCode::usage.
#pragma once

#include "proto/control/commands.hpp"

#include <string>
#include <vector>

namespace p2pd::ctl {

// An option and its values, in the order typed; a flag has none.
struct Typed {
  const proto::Parameter* option;
  std::vector<std::string> values;
};

// The absolute path, relative to the working directory; "." and ".." are resolved lexically and no
// symlink is followed. A trailing "/" is kept: it means "a folder".
std::string absolute_path(std::string_view path);

// The parameters of each request that the command needs: one, or one per value of an argument
// marked `each`.
std::vector<proto::Value> make_requests(const proto::Command& command,
                                        const std::vector<std::string>& words,
                                        const std::vector<Typed>& options);

} // namespace p2pd::ctl
