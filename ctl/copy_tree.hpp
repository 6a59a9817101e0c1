// Copies a file or a folder, with the caller's rights. Blocks are shared where the file system can
// (a reflink), holes stay holes, symlinks stay symlinks; the executable bit and the times of change
// are kept, all other modes are those of new files.
// Thread: any; blocks. Errors: Failure, std::filesystem::filesystem_error, and what `step` throws;
// what is there by then of the copy stays, for the caller to remove.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

namespace p2pd::ctl {

// Called before each file and after each piece of one, with the bytes that were passed since the
// last call, holes too.
using CopyStep = std::function<void(std::uint64_t bytes)>;

// The bytes that copy_tree() will pass.
std::uint64_t bytes_below(const std::filesystem::path& path);

// `from` is no symlink, or it is copied as one; of `to` the folder is there, the name is not.
void copy_tree(const std::filesystem::path& from, const std::filesystem::path& to,
               const CopyStep& step);

} // namespace p2pd::ctl
