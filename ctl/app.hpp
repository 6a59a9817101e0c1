// p2pctl from its arguments to its exit code. Thread: one. User errors are not thrown: they become
// one line on `err`.
#pragma once

#include "ctl/base/arguments.hpp"
#include "proto/control/control_messages.hpp"

#include <cstdio>
#include <functional>

namespace p2pd::ctl {

// What a shell adds to the commands that are entered in it.
struct Surroundings {
  Globals globals;                       // defaults for each line
  std::function<void(Invocation&)> look; // called before each command; may throw Failure
};

proto::ExitCode run(const std::vector<std::string>& arguments, std::FILE* out, std::FILE* err,
                    const Surroundings& around = {});

} // namespace p2pd::ctl
