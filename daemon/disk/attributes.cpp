#include "daemon/disk/attributes.hpp"

#include <fcntl.h>

namespace p2pd::disk {

void give(int file, const Attributes& attributes) {
  constexpr std::uint64_t latest = std::numeric_limits<std::int64_t>::max();
  struct stat status;
  if (attributes.executable && ::fstat(file, &status) == 0)
    static_cast<void>(::fchmod(file, (status.st_mode | (status.st_mode & 0444) >> 2) & 0777));
  if (attributes.mtime_ns == 0 || attributes.mtime_ns > latest) return;
  const timespec times[2] = {{0, UTIME_OMIT},
                             time_of(static_cast<std::int64_t>(attributes.mtime_ns))};
  ::futimens(file, times);
}

} // namespace p2pd::disk
