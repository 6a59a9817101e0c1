// p2pctl from its arguments to its exit code. Thread: one. Never throws for what people do wrong:
// that ends as one line on `err`.
#pragma once

#include "ctl/base/arguments.hpp"
#include "proto/control/control_messages.hpp"

#include <cstdio>
#include <functional>

namespace p2pd::ctl {

// What a shell adds to the commands that are typed in it.
struct Surroundings {
  Globals globals;                       // for what a line does not say
  std::function<void(Invocation&)> look; // before it is run; may throw Failure
};

proto::ExitCode run(const std::vector<std::string>& arguments, std::FILE* out, std::FILE* err,
                    const Surroundings& around = {});

} // namespace p2pd::ctl
