// Copies a file or a folder, with the caller's rights. Blocks are shared where the file system can
// (a reflink), holes stay holes, symlinks, FIFOs and sockets stay what they are; the executable bit
// and the times of change are kept, all other modes are those of new files.
// Thread: any; blocks. Errors: Failure, std::filesystem::filesystem_error, and what `step` throws;
// what is there by then of the copy stays, for the caller to remove.
#pragma once

#include "ctl/base/spot.hpp"

#include <cstdint>
#include <functional>

namespace p2pd::ctl {

// Called before each file and after each piece of one, with the bytes that were passed since the
// last call, holes too.
using CopyStep = std::function<void(std::uint64_t bytes)>;

// The bytes that copy_tree() will pass.
std::uint64_t bytes_below(const Spot& from);

// As a new entry of the folder.
void copy_tree(const Spot& from, const Spot& folder, const std::filesystem::path& name,
               const CopyStep& step);

} // namespace p2pd::ctl
