// The attributes of a file that its copies keep, besides its bytes and its name. The manifest of a
// single file contains none of them, so that the same bytes are one content whatever their name and
// time. Thread: any; values only.
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

// Sets them on a file that was made without them; execution is granted to whoever may read it. If
// the file system does not support them, the file stays as it is.
void give(int file, const Attributes& attributes);

} // namespace p2pd::disk
