// The entries of a folder. Thread: any. Blocking.
#pragma once

#include "daemon/disk/fd.hpp"
#include "daemon/disk/outcome.hpp"

#include <vector>

namespace p2pd::disk {

// Sorted bytewise, without "." and "..". `path` is for errors.
Result<std::vector<std::string>> names_in(int folder, const std::string& path);

} // namespace p2pd::disk
