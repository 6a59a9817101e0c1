// A question that may stay without an answer. Thread: any.
#pragma once

#include "ctl/complete/complete.hpp"

namespace p2pd::ctl {

// What the daemon answers, and null where it does not, refuses, or takes longer than people wait
// for a completion.
proto::Value ask_quietly(const Globals& daemon, std::string_view command,
                         const proto::Value& params);

} // namespace p2pd::ctl
