// "p2pctl shell": commands one after the other, each run as p2pctl itself runs it. On a terminal at
// a prompt; else they are read from stdin, without one. Thread: one.
#pragma once

#include "ctl/base/arguments.hpp"
#include "ctl/render/screen.hpp"

namespace p2pd::ctl {

// Options of the shell's own line count for every command that does not have its own. Exit code: on
// a terminal done, else that of the first command that failed.
proto::ExitCode run_shell(const Globals& globals, const Screen& screen);

} // namespace p2pd::ctl
