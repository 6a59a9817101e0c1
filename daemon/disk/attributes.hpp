// What a file has besides its bytes and its name, as far as a copy of it is to have that as well.
// The manifest of a single file holds none of it, so that the same bytes are one content whatever
// they are called and whenever they were written. Thread: any; values only.
#pragma once

#include "daemon/disk/identity.hpp"

#include <algorithm>

namespace p2pd::disk {

struct Attributes {
  bool executable = false;
  std::uint64_t mtime_ns = 0; // since the epoch; 0: not known, or before that

  Attributes() = default;
  Attributes(bool is_executable, std::uint64_t time) : executable(is_executable), mtime_ns(time) {}
  explicit Attributes(const struct stat& status)
      : executable((status.st_mode & S_IXUSR) != 0)
      , mtime_ns(
            static_cast<std::uint64_t>(std::max<std::int64_t>(nanoseconds(status.st_mtim), 0))) {}
  bool operator==(const Attributes&) const = default;
};

// Gives them to a file that was made without; whoever may read it may execute it then. Where the
// file system does not have them, the file stays as it is.
void give(int file, const Attributes& attributes);

} // namespace p2pd::disk
