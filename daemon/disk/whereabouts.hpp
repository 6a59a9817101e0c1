// Where an opened folder really lies, asked of the kernel and not of the path that led there.
// Thread: any. Blocking.
#pragma once

#include "daemon/disk/beneath.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace p2pd::disk {

// Nothing where there is no such file, or where that is not known: errno says why.
std::optional<FileKey> key_of(const std::string& path);
std::optional<FileKey> key_of(int folder, const std::string& leaf); // a symlink counts as itself

// The folder and all that hold it, up to "/". Empty where that cannot be found out: errno says why.
std::vector<FileKey> ancestry(int folder);

// The first part of `path` that begins with a dot, with what stands before it; "" where there is
// none.
std::string_view hidden_part(std::string_view path);

// The path that the kernel knows the folder by; "" where it does not tell: errno says why.
std::string real_path(int folder);

// What remains of `path` below `folder`, without slashes around it; nothing if it is not below.
std::optional<std::string_view> below(std::string_view folder, std::string_view path);

std::string joined(std::string_view folder, std::string_view name); // "" is no folder

// "a/b/c" is {"a/b", "c"}, "c" is {"", "c"}.
struct Split {
  std::string folder;
  std::string leaf;
};
Split split(std::string_view path);

} // namespace p2pd::disk
