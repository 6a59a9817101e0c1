// A query that may fail silently. Thread: any.
#pragma once

#include "ctl/complete/complete.hpp"

namespace p2pd::ctl {

// The daemon's answer; null if there is none, it refuses, or takes too long for a completion.
proto::Value ask_quietly(const Globals& daemon, std::string_view command,
                         const proto::Value& params);

} // namespace p2pd::ctl
