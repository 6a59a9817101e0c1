// What lies in folders, to complete a path. Thread: any; reads the file system.
#pragma once

#include "ctl/complete/complete.hpp"

namespace p2pd::ctl {

// The paths that begin so, in their order; that of a folder ends in "/". Hidden ones where a dot
// asks for them. Those whose names do not fit into a line of a terminal are left out.
std::vector<Candidate> paths_from(const std::string& begun);

} // namespace p2pd::ctl
