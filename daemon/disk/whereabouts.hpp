// Where an open folder really is, according to the kernel and not to the path that led there.
// Thread: any. Blocking.
#pragma once

#include "daemon/disk/beneath.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace p2pd::disk {

// Nothing if there is no such file or it cannot be looked up: errno says why.
std::optional<FileKey> key_of(const std::string& path);
std::optional<FileKey> key_of(int folder, const std::string& leaf); // does not follow a symlink

// The folder and its ancestors up to "/". Empty on failure: errno says why.
std::vector<FileKey> ancestry(int folder);

// `path` up to its first component that begins with a dot; "": there is none.
std::string_view hidden_part(std::string_view path);

// The kernel's path of the folder; "" on failure: errno says why.
std::string real_path(int folder);

// `path` relative to `folder`, without leading and trailing slashes; nothing if it is not below.
std::optional<std::string_view> below(std::string_view folder, std::string_view path);

std::string joined(std::string_view folder, std::string_view name); // "" is no folder

// "a/b/c" is {"a/b", "c"}, "c" is {"", "c"}.
struct Split {
  std::string folder;
  std::string leaf;
};
Split split(std::string_view path);

} // namespace p2pd::disk
