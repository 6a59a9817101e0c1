// What a folder holds. Thread: any. Blocking.
#pragma once

#include "daemon/disk/fd.hpp"
#include "daemon/disk/outcome.hpp"

#include <vector>

namespace p2pd::disk {

// In the order of their bytes, without "." and "..". `path` is where the folder is, for errors.
Result<std::vector<std::string>> names_in(int folder, const std::string& path);

} // namespace p2pd::disk
