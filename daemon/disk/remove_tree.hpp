// Removes what a folder holds under a name, and all that is below it. No symlink is followed.
// Thread: any. Blocking.
#pragma once

#include "daemon/disk/outcome.hpp"

#include <string>

namespace p2pd::disk {

Outcome remove_tree(int folder, const std::string& leaf,
                    const std::string& path); // path: for errors

} // namespace p2pd::disk
