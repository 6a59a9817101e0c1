// Copies a file or a folder, with the caller's rights. Blocks are shared if the file system can
// (reflink), holes stay holes, symlinks, FIFOs and sockets are copied as such; the executable bit
// and modification times are preserved, other modes are those of new files. Thread: any; blocking.
// Errors: Failure, std::filesystem::filesystem_error, and what `step` throws; a partial copy is
// left for the caller to remove.
#pragma once

#include "ctl/base/spot.hpp"

#include <cstdint>
#include <functional>

namespace p2pd::ctl {

// Called before each file and after each piece of one, with the bytes processed since the last
// call, including holes.
using CopyStep = std::function<void(std::uint64_t bytes)>;

// The bytes that copy_tree() will process.
std::uint64_t bytes_below(const Spot& from);

// Creates a new entry of the folder.
void copy_tree(const Spot& from, const Spot& folder, const std::filesystem::path& name,
               const CopyStep& step);

} // namespace p2pd::ctl
