// "p2pctl top": the daemon, its transfers and its peers on the whole screen, updated each second,
// until q or Ctrl-C. Thread: one. Errors: Failure where there is no terminal, or no daemon at
// first; one that goes away later is waited for.
#pragma once

#include "ctl/base/arguments.hpp"
#include "ctl/render/screen.hpp"

namespace p2pd::ctl {

proto::ExitCode run_top(const Globals& globals, const Screen& screen);

} // namespace p2pd::ctl
